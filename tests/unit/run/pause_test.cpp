// A wait on the run's clock, and what ends it.
#include "run/pause.hpp"

#include "by_hand_run.hpp"
#include "catch.hpp"

#include <chrono>
#include <optional>

using frond::async;
using frond::duration;

using namespace std::chrono_literals;

namespace {

/// Notes how each of two waits has ended.
async<void> wait_twice(frond::clock& time, duration first, duration second, std::optional<bool>& first_passed,
                       std::optional<bool>& second_passed) {
    frond::pause one(time, first);
    first_passed = co_await one;
    frond::pause two(time, second);
    second_passed = co_await two;
}

struct waiting {
    explicit waiting(duration first, duration second = 1h)
        : driven(home, wait_twice(hours, first, second, first_passed, second_passed)) {
        driven.start();
    }

    by_hand::executor home;
    by_hand::clock hours;
    std::optional<bool> first_passed;
    std::optional<bool> second_passed;
    by_hand::driver<void> driven;
};

}  // namespace

TEST_CASE("a pause ends when its time has come, and not before") {
    waiting one(5s);
    one.hours.pass(4s);
    one.home.run();
    CHECK_FALSE(one.first_passed);
    one.hours.pass(1s);
    one.home.run();
    CHECK(one.first_passed == true);
    CHECK_FALSE(one.second_passed);
    one.hours.pass(1h);
    one.home.run();
    CHECK(one.second_passed == true);
    CHECK(one.driven.stopped());
}

TEST_CASE("a pause of no time does not wait") {
    waiting one(0s, -1s);
    CHECK(one.first_passed == true);
    CHECK(one.second_passed == true);
    CHECK(one.driven.stopped());
}

TEST_CASE("a pause that is for ever does not pass, and can be interrupted") {
    waiting one(duration::max(), 0s);
    one.hours.pass(24h * 365 * 100);
    one.home.run();
    CHECK_FALSE(one.first_passed);
    one.driven.cancel();
    one.home.run();
    CHECK(one.first_passed == false);
    CHECK(one.driven.stopped());
}

TEST_CASE("an interrupted pause has not passed, and leaves no alarm") {
    waiting one(5s);
    one.driven.cancel();
    one.home.run();
    CHECK(one.first_passed == false);
    CHECK(one.second_passed == false);
    CHECK(one.hours.waiting() == 0);
    CHECK(one.driven.told() == 1);
}

TEST_CASE("a pause whose alarm is on its way when it is interrupted has passed, and is woken once") {
    waiting one(5s);
    one.driven.cancel();
    one.hours.pass(5s);
    one.home.run_one();
    CHECK_FALSE(one.first_passed);
    one.home.run();
    CHECK(one.first_passed == true);
    CHECK(one.second_passed == false);
    CHECK(one.driven.told() == 1);
}
