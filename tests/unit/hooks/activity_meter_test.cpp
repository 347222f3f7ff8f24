// How many ran at once, from their beginnings and ends.
#include "../../catch.hpp"

#include "timing/activity_meter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <random>

using namespace std::chrono_literals;
using frond::duration;
using frond::hooks::activity;
using frond::hooks::detail::activity_meter;

namespace {

/// All of it, in task times nanoseconds.
double sum(activity const& of, duration end) {
    double all = 0;
    duration at{};
    for (double const mean : of.mean) {
        duration const length = std::min(of.slice, end - at);
        all += mean * static_cast<double>(length.count());
        at += length;
    }
    return all;
}

}  // namespace

TEST_CASE("each slice tells the mean of what went on in it") {
    activity_meter meter;
    meter.change(0ns, 1);  // all of the first slice,
    meter.change(1024ns, -1);
    meter.change(1536ns, 2);  // twice the second half of the second
    meter.change(2048ns, -2);
    auto const told = meter.until(3072ns);
    REQUIRE(told.slice == 1024ns);
    REQUIRE(told.mean.size() == 3);
    CHECK(told.mean[0] == 1);
    CHECK(told.mean[1] == 1);
    CHECK(told.mean[2] == 0);
}

TEST_CASE("what still goes on counts until now") {
    activity_meter meter;
    meter.change(512ns, 1);
    auto const told = meter.until(1536ns);
    REQUIRE(told.mean.size() == 2);
    CHECK(told.mean[0] == 0.5);
    CHECK(told.mean[1] == 1);
}

TEST_CASE("what began in a slice that is not over yet counts by what there is of it") {
    activity_meter meter;
    meter.change(1280ns, 1);
    CHECK(meter.until(1536ns).mean[1] == 0.5);
}

TEST_CASE("nothing is lost as slices grow with the run, whatever the order in which changes are told") {
    std::mt19937_64 random(3);
    std::uniform_int_distribution<std::int64_t> when(0, 5'000'000'000);
    activity_meter meter;
    double expected = 0;
    for (int i = 0; i < 5000; ++i) {
        duration const from(when(random));
        duration const to = from + duration(when(random) / 50);
        meter.change(to, -1);
        meter.change(from, 1);
        expected += static_cast<double>((to - from).count());
    }
    auto const told = meter.until(6s);
    CHECK(told.mean.size() <= 256);
    CHECK(told.mean.size() >= 128);
    CHECK(std::abs(sum(told, 6s) - expected) < expected * 1e-9);
}
