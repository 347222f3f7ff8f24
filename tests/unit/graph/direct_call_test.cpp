#include "../base/by_hand.hpp"
#include "catch.hpp"
#include "frond/graph/parameters.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using frond::all;
using frond::all_results;
using frond::async;
using frond::each;
using frond::each_result;
using frond::errc;
using frond::error;
using frond::expander;
using frond::in;
using frond::input;
using frond::take;

namespace {

struct pool {
    int used = 0;
};

expander<std::string> file(input<"root", std::string> root) { co_yield *root; }
int words(in<file> path, input<"scale", int, 1> scale) { return static_cast<int>(path->size()) * *scale; }
int lines(in<file> path, input<"db", pool&> db) { return static_cast<int>(path->size()) + ++db->used; }
std::unique_ptr<int> box(in<words> of) { return std::make_unique<int>(*of); }
int opened(take<box> of) {
    std::unique_ptr<int> const mine = std::move(*of);
    return *mine;
}

bool is_long(in<file> path) { return path->size() > 4; }
std::size_t first_true(all<is_long> of) {
    std::size_t i = 0;
    while (i < of.size() && !of[i]) ++i;
    return i;
}
int sum_of_all(all<words> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}
std::size_t count_failed(all_results<words> of) {
    std::size_t failed = 0;
    for (auto const& each : of) failed += each.has_error() ? 1 : 0;
    return failed;
}
async<int> total(each<words> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}
async<int> difference(each<words, lines> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += std::get<0>(*next) - std::get<1>(*next);
    co_return sum;
}
async<int> forgiving(each_result<words> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += next->has_value() ? next->value() : -1;
    co_return sum;
}
async<int> boxes(each<box> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += **next;
    co_return sum;
}

}  // namespace

TEST_CASE("a node is called with plain values") {
    CHECK(words("four", 2) == 8);
    std::string const path = "three";
    CHECK(words(path, 1) == 5);
}

TEST_CASE("a node that is handed a reference uses the caller's object") {
    pool db;
    CHECK(lines("abc", db) == 4);
    CHECK(db.used == 1);
}

TEST_CASE("a node that takes is called with a value that cannot be copied") {
    CHECK(opened(std::make_unique<int>(7)) == 7);
}

TEST_CASE("a collector of a list is called with a list in braces") {
    CHECK(sum_of_all({1, 2, 3}) == 6);
    CHECK(sum_of_all({}) == 0);
    CHECK(sum_of_all(std::vector<int>{4, 5}) == 9);
    CHECK(count_failed({1, error(errc::node_failed, "no"), 3}) == 1);
}

TEST_CASE("a list of truths is read like any other") {
    CHECK(first_true({false, true}) == 1);
    CHECK(first_true({true}) == 0);
}

TEST_CASE("a collector of a stream is called with a list in braces, and never waits") {
    CHECK(by_hand::run(total({1, 2, 3})) == 6);
    CHECK(by_hand::run(total({})) == 0);
    CHECK(by_hand::run(difference({{5, 1}, {7, 2}})) == 9);
    CHECK(by_hand::run(forgiving({1, error(errc::node_failed, "no"), 3})) == 3);
}

TEST_CASE("a stream of values that cannot be copied is made of a vector") {
    std::vector<std::unique_ptr<int>> given;
    given.push_back(std::make_unique<int>(3));
    given.push_back(std::make_unique<int>(4));
    CHECK(by_hand::run(boxes(std::move(given))) == 7);
}

TEST_CASE("a copy of a parameter owns what the parameter owns") {
    in<file> const one = std::string("text");
    in<file> const other = one;
    CHECK(*one == *other);
    CHECK(&*one != &*other);
}

TEST_CASE("what feeds an expander is read to its end, and never waits, where it is given by hand") {
    auto const sum_of = [](frond::feedback<int> given) -> async<int> {
        int sum = 0;
        while (auto next = co_await given.next()) sum += *next;
        co_return sum;
    };
    CHECK(by_hand::run(sum_of({1, 2, 3})) == 6);
    CHECK(by_hand::run(sum_of({})) == 0);
}
