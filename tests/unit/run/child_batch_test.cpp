#include "run/child_batch.hpp"
#include "catch.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using frond::child_batch;

namespace {

// Numbered; counts those that are alive, and the one whose number is `refused` does not let itself be moved.
struct parameter {
    static inline int alive = 0;
    static inline int refused = -1;

    explicit parameter(int n) : number(n) { ++alive; }
    parameter(parameter&& other) : number(other.number) {
        if (number == refused) throw std::runtime_error("is not to be moved");
        ++alive;
    }
    ~parameter() { --alive; }
    int number;
};

constexpr unsigned room = 8;

template <class T>
void fill(child_batch& of, unsigned count, std::uint64_t first_index) {
    for (unsigned i = 0; i < count; ++i) ::new (of.parameter(i)) T(static_cast<int>(first_index + i));
    of.count = count;
    of.first_index = first_index;
}

template <class T>
std::vector<int> numbers(child_batch const& of) {
    std::vector<int> found;
    for (unsigned i = of.position; i < of.count; ++i) {
        auto const& each = *reinterpret_cast<T const*>(of.parameter(i));
        if constexpr (std::is_same_v<T, int>) {
            found.push_back(each);
        } else {
            found.push_back(each.number);
        }
    }
    return found;
}

void name(child_batch& of, unsigned at, char const* key) {
    of.keys.push_back({at, std::make_shared<std::string const>(key)});
}

std::string key(child_batch const& of, unsigned at) {
    auto const found = of.key_at(at);
    return found != nullptr ? found.to_string() : "none";
}

struct fresh {
    fresh() {
        parameter::alive = 0;
        parameter::refused = -1;
    }
};

}  // namespace

TEST_CASE("a batch knows the key of each child that has one") {
    child_batch of(frond::value_type_of<int>, room);
    fill<int>(of, 4, 10);
    name(of, 1, "b");
    name(of, 3, "d");
    CHECK(key(of, 0) == "none");
    CHECK(key(of, 1) == "b");
    CHECK(key(of, 2) == "none");
    CHECK(key(of, 3) == "d");
    of.destroy_rest();
}

TEMPLATE_TEST_CASE("the tail of a batch goes with its indices and keys", "", int, parameter) {
    fresh const begin;
    child_batch of(frond::value_type_of<TestType>, room);
    child_batch heir(frond::value_type_of<TestType>, room);
    fill<TestType>(of, 5, 100);
    name(of, 1, "b");
    name(of, 3, "d");
    CHECK(of.give_tail(2, heir) == 3);
    CHECK(numbers<TestType>(of) == std::vector{100, 101});
    CHECK(numbers<TestType>(heir) == std::vector{102, 103, 104});
    CHECK(heir.index() == 102);
    CHECK(key(of, 1) == "b");
    CHECK(key(heir, heir.position + 1) == "d");
    CHECK(heir.keys.size() == 1);
    of.destroy_rest();
    heir.destroy_rest();
    CHECK(parameter::alive == 0);
}

TEST_CASE("children behind one whose parameter cannot be moved go, and that one stays with those before it") {
    fresh const begin;
    child_batch of(frond::value_type_of<parameter>, room);
    child_batch heir(frond::value_type_of<parameter>, room);
    fill<parameter>(of, 5, 0);
    name(of, 2, "c");
    name(of, 4, "e");
    parameter::refused = 2;
    CHECK(of.give_tail(1, heir) == 2);
    CHECK(numbers<parameter>(of) == std::vector{0, 1, 2});
    CHECK(numbers<parameter>(heir) == std::vector{3, 4});
    CHECK(heir.index() == 3);
    CHECK(key(of, 2) == "c");
    CHECK(key(heir, heir.position + 1) == "e");
    of.destroy_rest();
    heir.destroy_rest();
    CHECK(parameter::alive == 0);
}

TEST_CASE("nothing goes where the last parameter cannot be moved, and the batch is as it was") {
    fresh const begin;
    child_batch of(frond::value_type_of<parameter>, room);
    child_batch heir(frond::value_type_of<parameter>, room);
    fill<parameter>(of, 3, 0);
    parameter::refused = 2;
    CHECK(of.give_tail(0, heir) == 0);
    CHECK(numbers<parameter>(of) == std::vector{0, 1, 2});
    CHECK(heir.empty());
    of.destroy_rest();
    CHECK(parameter::alive == 0);
}

TEMPLATE_TEST_CASE("a batch takes all that another one holds, with the keys", "", int, parameter) {
    fresh const begin;
    child_batch from(frond::value_type_of<TestType>, room);
    child_batch of(frond::value_type_of<TestType>, room);
    fill<TestType>(from, 3, 7);
    name(from, 1, "b");
    of.take(from);
    CHECK(from.empty());
    CHECK(from.keys.empty());
    CHECK(numbers<TestType>(of) == std::vector{7, 8, 9});
    CHECK(key(of, 1) == "b");
    of.destroy_rest();
    CHECK(parameter::alive == 0);
}

TEST_CASE(
    "of a batch that cannot be taken whole, the children before the failing one are there, and each parameter is "
    "destroyed once") {
    fresh const begin;
    child_batch from(frond::value_type_of<parameter>, room);
    child_batch of(frond::value_type_of<parameter>, room);
    fill<parameter>(from, 4, 0);
    parameter::refused = 2;
    CHECK_THROWS_AS(of.take(from), std::runtime_error);
    CHECK(numbers<parameter>(of) == std::vector{0, 1});
    CHECK(from.empty());
    CHECK(parameter::alive == 2);
    of.destroy_rest();
    CHECK(parameter::alive == 0);
}
