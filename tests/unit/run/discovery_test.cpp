// Expanders that are fed by their own children: they find their children while they run, and end when none is in flight.
#include "catch.hpp"
#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/blocking_executor.hpp"
#include "frond/run/named_plan.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using frond::all;
using frond::all_results;
using frond::arg;
using frond::async;
using frond::back;
using frond::back_result;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using frond::modules;

namespace discovery {

/// The pages of a web: page n links to 2n and 2n + 1, up to `last`.
std::vector<int> links_of(int page, int last) {
    std::vector<int> made;
    for (int const next : {2 * page, 2 * page + 1}) {
        if (next <= last) made.push_back(next);
    }
    return made;
}
long sum_up_to(int last) { return static_cast<long>(last) * (last + 1) / 2; }

expander<int> page(input<"root", int> root, back<"links", std::vector<int>> found) {
    co_yield *root;
    while (auto more = co_await found.next()) {
        for (int const each : *more) co_yield each;
    }
}
std::vector<int> links(in<page> of, input<"last", int> last) { return links_of(*of, *last); }
long size(in<page> of) { return *of; }
long total(all<size> of) { return std::accumulate(of.begin(), of.end(), 0L); }
async<long> streamed(each<size> of) {
    long sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}

// The same, where children wait.
expander<int> slow(input<"root", int> root, back<"slow_links", std::vector<int>> found) {
    co_yield *root;
    while (auto more = co_await found.next()) {
        for (int const each : *more) co_yield each;
    }
}
async<std::vector<int>> slow_links(in<slow> of, input<"last", int> last) {
    frond::net::steady_timer timer(co_await frond::this_executor, std::chrono::microseconds(*of % 7));
    co_await timer.async_wait(frond::use_async);
    co_return links_of(*of, *last);
}
async<long> slow_total(each<slow> of) {
    long sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}

// Pages that fail: those that three divides.
expander<int> broken(input<"last", int> last, back<"broken_links", std::vector<int>> found) {
    if (*last > 0) co_yield 1;
    while (auto more = co_await found.next()) {
        for (int const each : *more) co_yield each;
    }
}
std::vector<int> broken_links(in<broken> of, input<"last", int> last) {
    if (*of % 3 == 0) throw std::runtime_error("page " + std::to_string(*of));
    return links_of(*of, *last);
}
std::vector<int> all_broken(all_results<broken_links> of) {
    std::vector<int> made;  // how many links each page has; -1: it has failed
    for (auto const& each : of) made.push_back(each ? static_cast<int>(each.value().size()) : -1);
    return made;
}
std::size_t none_broken(all<broken_links> of) { return of.size(); }

// One that asks for the failures too.
expander<int> asks(input<"told", std::vector<std::string>&> told, back_result<"asked", int> found) {
    for (int i = 0; i < 4; ++i) co_yield i;
    while (auto more = co_await found.next()) {
        told->push_back(*more ? std::to_string(more->value()) : std::string(more->error().message()));
    }
}
int asked(in<asks> of) {
    if (*of == 2) throw std::runtime_error("two");
    return 10 * *of;
}
std::size_t all_asked(all_results<asked> of) { return of.size(); }

// One that yields more after it was told that nothing more comes.
expander<int> rounds(input<"ends", std::vector<int>&> ends, back<"same", int> found) {
    int yielded = 0;
    for (int round = 0; round < 3; ++round) {
        int seen = 0;
        while (co_await found.next()) ++seen;
        ends->push_back(seen);
        for (int i = 0; i < 5 * round; ++i) co_yield yielded++;
    }
}
int same(in<rounds> of) { return *of; }
std::vector<int> all_same(all<same> of) { return *of; }

// One that has enough before its children have ended.
expander<int> finds(input<"wanted", int> wanted, back<"found", int> found) {
    for (int i = 0; i < 200; ++i) co_yield i;
    for (int i = 0; i < *wanted; ++i) static_cast<void>(co_await found.next());
}
std::unique_ptr<int> found_alone(in<finds> of) { return std::make_unique<int>(*of); }
int found(in<found_alone> of) { return **of; }
std::size_t how_many(all<found> of) { return of.size(); }

// Inside another expansion.
expander<int> tree(input<"trees", int> count) {
    for (int i = 1; i <= *count; ++i) co_yield i;
}
expander<int> node(in<tree> of, back<"branches", std::vector<int>> found) {
    co_yield 1;
    while (auto more = co_await found.next()) {
        for (int const each : *more) {
            if (each <= *of) co_yield each;
        }
    }
}
std::vector<int> branches(in<node> of, in<tree> last) { return links_of(*of, *last); }
long per_tree(all<node> of) { return std::accumulate(of.begin(), of.end(), 0L); }
std::vector<long> trees(all<per_tree> of) { return *of; }

// What feeds the expander is itself collected, from an expansion in each child.
expander<int> folder(back<"inside", std::vector<int>> found) {
    co_yield 1;
    while (auto more = co_await found.next()) {
        for (int const each : *more) co_yield each;
    }
}
expander<int> entry(in<folder> of, input<"last", int> last) {
    for (int const each : links_of(*of, *last)) co_yield each;
}
std::vector<int> inside(all<entry> of) { return *of; }
std::set<int> folders(all<folder> of) { return {of.begin(), of.end()}; }

// A web without an end.
expander<int> endless(back<"next_of", int> found) {
    co_yield 1;
    while (auto next = co_await found.next()) co_yield *next + 1;
}
int next_of(in<endless> of) { return *of; }
async<int> first_ten(each<endless> of) {
    int sum = 0;
    for (int i = 0; i < 10; ++i) {
        auto next = co_await of.next();
        sum += next.value();
    }
    co_return sum;
}

// Values that cannot be copied.
expander<int> owner(back<"owned", std::unique_ptr<int>> given) {
    co_yield 1;
    while (auto next = co_await given.next()) {
        if (**next < 10) co_yield **next + 1;
    }
}
std::unique_ptr<int> owned(in<owner> of) { return std::make_unique<int>(*of); }
int owners(all<owner> of) { return static_cast<int>(of.size()); }

}  // namespace discovery

using namespace discovery;

TEST_CASE("an expander that its children feed has every child once, and ends when none is in flight") {
    auto const plan = frond::plan_for<modules<links>, total, streamed>();
    REQUIRE(!plan.failure());
    for (int const last : {1, 2, 3, 63, 64, 65, 1000, 20'000}) {
        for (unsigned const threads : {1U, 2U}) {
            auto const outcome = frond::run_blocking(plan, arg<"root">(1), arg<"last">(last), frond::threads(threads));
            REQUIRE(outcome);
            CHECK(outcome.value().get<total>() == sum_up_to(last));
            CHECK(outcome.value().get<streamed>() == sum_up_to(last));
        }
    }
}

TEST_CASE("an expander waits for what children that wait give it back, within any limit") {
    for (unsigned const limit : {1U, 3U, 256U}) {
        for (unsigned const threads : {1U, 2U}) {
            auto const plan =
                frond::plan_for<modules<slow_links>, slow_total>(frond::options().limit(limit).limit<slow>(2 * limit));
            auto const outcome = frond::run_blocking(plan, arg<"root">(1), arg<"last">(300), frond::threads(threads));
            REQUIRE(outcome);
            CHECK(outcome.value() == sum_up_to(300));
        }
    }
}

TEST_CASE("a child that fails gives its expander nothing, and is not waited for") {
    // Found are 1, 2, 4, 5, 7 to 11, ..., and those that three divides, which lead nowhere.
    auto const outcome = frond::run_blocking(frond::plan_for<modules<broken_links>, all_broken>(), arg<"last">(11));
    REQUIRE(outcome);
    CHECK(outcome.value() == std::vector<int>{2, 2, -1, 2, 2, 0, -1, 0, 0});  // 1 2 3 4 5 8 9 10 11
    auto const nothing = frond::run_blocking(frond::plan_for<modules<broken_links>, all_broken>(), arg<"last">(0));
    REQUIRE(nothing);
    CHECK(nothing.value().empty());
}

TEST_CASE("a child's failure ends the run where a collector takes values, whatever feeds the expander") {
    auto const outcome = frond::run_blocking(frond::plan_for<modules<broken_links>, none_broken>(), arg<"last">(1000));
    REQUIRE(!outcome);
    CHECK(outcome.error().message() == "page 3");
    CHECK(outcome.error().node() == "broken_links");
}

TEST_CASE("an expander may ask for its children's failures as values") {
    std::vector<std::string> told;
    auto const outcome =
        frond::run_blocking(frond::plan_for<modules<asked>, all_asked>(), arg<"told">(told), frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 4);
    CHECK(std::multiset<std::string>(told.begin(), told.end()) == std::multiset<std::string>{"0", "10", "30", "two"});
}

TEST_CASE("an expander that was told that nothing more comes may yield again, and is told again") {
    for (unsigned const threads : {1U, 2U}) {
        std::vector<int> ends;
        auto const outcome =
            frond::run_blocking(frond::plan_for<modules<same>, all_same>(), arg<"ends">(ends), frond::threads(threads));
        REQUIRE(outcome);
        CHECK(ends == std::vector<int>{0, 0, 5});
        CHECK(outcome.value().size() == 15);
    }
}

TEST_CASE("an expander may end before it has read all that its children give it back") {
    for (int const wanted : {0, 1, 100}) {
        auto const outcome = frond::run_blocking(frond::plan_for<modules<found>, how_many>(), arg<"wanted">(wanted));
        REQUIRE(outcome);
        CHECK(outcome.value() == 200);
    }
}

TEST_CASE("expanders inside other expansions are fed by their own children") {
    for (unsigned const limit : {1U, 256U}) {
        for (unsigned const threads : {1U, 2U}) {
            auto const plan = frond::plan_for<modules<branches>, trees>(frond::options().limit(limit));
            auto const outcome = frond::run_blocking(plan, arg<"trees">(100), frond::threads(threads));
            REQUIRE(outcome);
            REQUIRE(outcome.value().size() == 100);
            for (int i = 0; i < 100; ++i) CHECK(outcome.value()[static_cast<std::size_t>(i)] == sum_up_to(i + 1));
        }
    }
}

TEST_CASE("what feeds an expander may itself be collected, and brings in what it needs") {
    auto const outcome = frond::run_blocking(frond::plan_for<modules<inside>, folders>(), arg<"last">(100));
    REQUIRE(outcome);
    CHECK(outcome.value().size() == 100);
}

TEST_CASE("a crawl of an endless web ends when its collector has enough") {
    for (unsigned const threads : {1U, 2U}) {
        auto const outcome =
            frond::run_blocking(frond::plan_for<modules<next_of>, first_ten>(), frond::threads(threads));
        REQUIRE(outcome);
        CHECK(outcome.value() == 55);
    }
}

TEST_CASE("what feeds an expander may be a value that only moves") {
    auto const outcome = frond::run_blocking(frond::plan_for<modules<owned>, owners>());
    REQUIRE(outcome);
    CHECK(outcome.value() == 10);
}

TEST_CASE("an expander on an executor of its own, or tried again, is fed by its children") {
    auto const elsewhere = frond::blocking_executor();
    for (auto const& options : {frond::options().on<page>(elsewhere), frond::options().retry<page>(2)}) {
        auto const plan = frond::plan_for<modules<links>, total>(options);
        auto const outcome = frond::run_blocking(plan, arg<"root">(1), arg<"last">(500), frond::threads(2));
        REQUIRE(outcome);
        CHECK(outcome.value() == sum_up_to(500));
    }
}

TEST_CASE("a run-time graph may feed an expander, whose feeder is needed with it") {
    frond::graph_builder made;
    made.add("links", [](frond::value<int> of) { return links_of(*of, 100); }, {"page"});
    made.add("page",
             [](frond::feedback<std::vector<int>> found) -> expander<int> {
                 co_yield 1;
                 while (auto more = co_await found.next()) {
                     for (int const each : *more) co_yield each;
                 }
             },
             {"links"});
    made.add("sum", [](frond::list<int> of) { return std::accumulate(of.begin(), of.end(), 0L); }, {"page"});
    frond::plan_options options;
    options.wanted = {"sum"};
    auto const plan = frond::plan_for(std::move(made).build().value(), options);
    REQUIRE(plan);
    auto const outcome = frond::run_blocking(plan);
    REQUIRE(outcome);
    CHECK(outcome.value().get<long>("sum") == sum_up_to(100));
}
