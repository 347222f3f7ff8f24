#include "frond/base/time_span.hpp"

#include "catch.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

using frond::duration;
using frond::time_point;
using frond::time_span;
using frond::detail::doubled;
using frond::detail::later;

using namespace std::chrono_literals;

namespace {

constexpr duration forever = duration::max();

template <class T>
duration seconds_of(T count) {
    return time_span(std::chrono::duration<T>(count));
}

}  // namespace

TEST_CASE("a length that nanoseconds can hold is exactly that long, whatever its period and its numbers are") {
    CHECK(time_span(3s) == 3s);
    CHECK(time_span(-3h) == -3h);
    CHECK(time_span(forever - 1ns) == forever - 1ns);
    CHECK(time_span(std::chrono::duration<std::int64_t, std::ratio<1, 4>>(7)) == 1750ms);
    CHECK(time_span(std::chrono::duration<std::uint32_t, std::pico>(5000)) == 5ns);
    CHECK(seconds_of(0.25) == 250ms);
    CHECK(seconds_of(0.5F) == 500ms);
    CHECK(seconds_of(-1e-3L) == -1ms);
    CHECK(seconds_of(0.29) == 290ms);  // the double is less
    // The numerator alone would overflow.
    CHECK(time_span(std::chrono::duration<std::int64_t, std::ratio<1, 60>>(500'000'000'000)) > 24h * 365 * 200);
}

TEST_CASE("a length that nanoseconds cannot hold becomes the longest one, and the shortest on the other side") {
    CHECK(time_span(std::chrono::hours::max()) == forever);
    CHECK(time_span(std::chrono::seconds::max()) == forever);
    CHECK(time_span(std::chrono::hours::min()) == duration::min());
    CHECK(time_span(std::chrono::years(293)) == forever);
    CHECK(time_span(std::chrono::years(292)) < forever);
    CHECK(seconds_of(1e300) == forever);
    CHECK(seconds_of(std::numeric_limits<double>::infinity()) == forever);
    CHECK(seconds_of(9.3e9F) == forever);
    CHECK(seconds_of(-1e300) == duration::min());
    CHECK(seconds_of(std::numeric_limits<std::uint64_t>::max()) == forever);
}

TEST_CASE("a length that is no number is negative, so it is refused where those are") {
    CHECK(time_span(std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN())) < duration::zero());
}

TEST_CASE("nothing is later than the end of time") {
    time_point const now(1h);
    CHECK(later(now, 5s) == now + 5s);
    CHECK(later(now, -5s) == now - 5s);
    CHECK(later(now, forever) == time_point::max());
    CHECK(later(now, forever - 1h) == time_point::max());
    CHECK(later(now, forever - 1h - 1ns) == time_point::max() - 1ns);
    CHECK(later(time_point::max(), 1ns) == time_point::max());
}

TEST_CASE("a length is doubled until it is the longest") {
    CHECK(doubled(5ms) == 10ms);
    CHECK(doubled(forever / 2) == forever - 1ns);
    CHECK(doubled(forever / 2 + 1ns) == forever);
    CHECK(doubled(forever) == forever);
}

TEST_CASE("a length is told in the largest unit in which it is whole") {
    CHECK(to_string(time_span(2min)) == "120 s");
    CHECK(to_string(time_span(1500ms)) == "1500 ms");
    CHECK(to_string(time_span(-5us)) == "-5 us");
    CHECK(to_string(time_span(1001ns)) == "1001 ns");
    CHECK(to_string(time_span()) == "0 s");
    CHECK(to_string(time_span(24h * 365 * 1000)) == "for ever");
}
