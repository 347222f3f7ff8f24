// What is remembered from its beginning to its end.
#include "../../catch.hpp"

#include "timing/open_table.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

using frond::hooks::detail::identity;
using frond::hooks::detail::open_table;

namespace {

identity of(std::uint64_t number) {
    identity made;
    made.add(number);
    return made;
}

}  // namespace

TEST_CASE("what was put in comes out once") {
    open_table<int> table(16);
    CHECK_FALSE(table.take(of(1)));
    table.put(of(1)) = 5;
    CHECK(table.put(of(1)) == 5);
    CHECK(table.size() == 1);
    CHECK(table.take(of(1)) == 5);
    CHECK_FALSE(table.take(of(1)));
    CHECK(table.size() == 0);
}

TEST_CASE("it agrees with a map, whatever comes and goes") {
    std::mt19937_64 random(11);
    open_table<std::uint64_t> table(1 << 16);
    std::unordered_map<std::uint64_t, std::uint64_t> map;
    for (std::uint64_t i = 0; i < 200000; ++i) {
        std::uint64_t const number = random() % 500;
        if (random() % 2 == 0) {
            table.put(of(number)) = i;
            map[number] = i;
            continue;
        }
        auto const taken = table.take(of(number));
        auto const found = map.find(number);
        REQUIRE(taken.has_value() == (found != map.end()));
        if (!taken) continue;
        REQUIRE(*taken == found->second);
        map.erase(found);
    }
    CHECK(table.size() == map.size());
}

TEST_CASE("more than the bound is never remembered: the older half is forgotten") {
    open_table<std::uint64_t> table(16);
    for (std::uint64_t i = 0; i < 17; ++i) table.put(of(i)) = i;
    CHECK(table.size() == 9);
    for (std::uint64_t i = 0; i < 8; ++i) CHECK(table.find(of(i)) == nullptr);
    for (std::uint64_t i = 8; i < 17; ++i) CHECK(table.take(of(i)) == i);
}
