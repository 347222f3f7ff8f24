// Lengths of time as users give them: of any period, whole or floating, as long as anybody likes. This is the one place
// where such a length becomes nanoseconds, and where a length is added to a point in time.
#pragma once

#include <chrono>
#include <compare>
#include <limits>
#include <ratio>
#include <string>
#include <type_traits>

namespace frond {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

namespace detail {

/// The nearest duration. A length that is not a number becomes the shortest one: it is negative, and refused as such.
template <class Rep, class Period>
constexpr duration nearest_duration(std::chrono::duration<Rep, Period> given) noexcept {
    using exact = std::chrono::duration<long double, duration::period>;
    using factor = std::ratio_divide<Period, duration::period>;
    long double const length = exact(given).count();
    if (length >= static_cast<long double>(duration::max().count())) return duration::max();
    if (!(length > static_cast<long double>(duration::min().count()))) return duration::min();
    if constexpr (std::is_integral_v<Rep> && factor::den == 1) {
        return std::chrono::duration_cast<duration>(given);
    } else {
        return duration(static_cast<duration::rep>(length + (length < 0 ? -0.5L : 0.5L)));
    }
}

}  // namespace detail

/// A length of time, made of any std::chrono::duration. What `duration` cannot hold becomes the longest one that it can,
/// which is "for ever" wherever frond waits.
class time_span {
public:
    constexpr time_span() noexcept = default;
    template <class Rep, class Period>
    constexpr time_span(std::chrono::duration<Rep, Period> given) noexcept : length_(detail::nearest_duration(given)) {}

    constexpr operator duration() const noexcept { return length_; }

    friend constexpr auto operator<=>(time_span, time_span) noexcept = default;

private:
    duration length_{};
};

/// "250 ms": in the largest unit in which it is a whole number.
std::string to_string(time_span of);

namespace detail {

/// The point in time that is so much later; the last one that there is where it would be later than that.
constexpr time_point later(time_point from, time_span by) noexcept {
    duration const length = by;
    return length > duration::zero() && from > time_point::max() - length ? time_point::max() : from + length;
}

/// Twice as long, or the longest duration.
constexpr duration doubled(duration of) noexcept { return of > duration::max() / 2 ? duration::max() : of * 2; }

}  // namespace detail

}  // namespace frond
