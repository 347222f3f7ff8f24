// How often the clock is looked at, and what a look tells.
#include "frond/base/detail/clock_pace.hpp"
#include "frond/base/detail/thread_slice.hpp"

#include "catch.hpp"

#include <chrono>
#include <vector>

using frond::clock_pace;
using namespace std::chrono_literals;

namespace {

// How many things are done until the clock is looked at.
unsigned until_look(clock_pace& pace) {
    unsigned things = 1;
    while (!pace.is_due()) ++things;
    return things;
}

}  // namespace

TEST_CASE("the clock is looked at ever more seldom while things are short, but after 16 of them") {
    clock_pace pace;
    std::chrono::steady_clock::time_point now(1h);
    std::vector<unsigned> seen;
    for (int look = 0; look < 8; ++look) {
        seen.push_back(until_look(pace));
        now += 50us;
        pace.looked(now);
    }
    // The first look does not tell how long the thing before it took.
    CHECK(seen == std::vector{1U, 1U, 2U, 4U, 8U, 16U, 16U, 16U});
}

TEST_CASE("after things that took long the next is looked at by itself") {
    clock_pace pace;
    std::chrono::steady_clock::time_point now(1h);
    for (int look = 0; look < 5; ++look) {
        static_cast<void>(until_look(pace));
        pace.looked(now += 1us);
    }
    pace.looked(now += 50us + 1ns);
    CHECK(until_look(pace) == 1);
    pace.looked(now += 1us);
    CHECK(until_look(pace) == 2);
    pace.looked(now += 1us);
    pace.look_next();
    CHECK(until_look(pace) == 1);
}

TEST_CASE("a look tells the time since the first one, and since the one before") {
    frond::thread_slice slice;
    auto const begun = std::chrono::steady_clock::time_point(1h);
    auto const first = slice.look(begun);
    CHECK(first.held == 0s);
    CHECK_FALSE(first.since);
    auto const second = slice.look(begun + 3ms);
    CHECK(second.held == 3ms);
    CHECK(second.since == 3ms);
    auto const third = slice.look(begun + 3ms + 1us);
    CHECK(third.held == 3ms + 1us);
    CHECK(third.since == 1us);
}
