// How durations, counts and shares are written.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/run_timing.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace frond::hooks::detail {

/// "0", "12 ns", "1.23 ms", "45.6 s", "12m 34s", "3h 25m", "17d 4h": three digits, seven columns at most.
/// `micro` stands before the s of microseconds.
std::string time_text(duration time, std::string_view micro = "u");
/// A point of time, to a ten thousandth of the whole: "1.0234 s", "541.07 ms".
std::string point_text(duration at, duration whole, std::string_view micro = "u");
/// "1234567", "12.3M", "4.5G".
std::string count_text(std::uint64_t count);
/// "12.3 %"; of nothing "-".
std::string share_text(duration part, duration whole);
double share(duration part, duration whole) noexcept;
/// True if people want to know of it: a thousandth of the whole, or more.
bool matters(duration part, duration whole) noexcept;

/// "succeeded", "failed", "cancelled" or "running".
std::string_view outcome_text(run_timing const& of) noexcept;

/// The specs in the order in which they are told: those of an expander's children right below it.
std::vector<std::size_t> in_tree_order(run_timing const& of);

/// As many of the places as there is room for, those of the longest; in the order in which they were.
std::vector<std::size_t> longest(std::vector<std::size_t> places, std::size_t room, auto const& length) {
    if (places.size() <= room) return places;
    std::vector<std::size_t> ranks(places.size());
    for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = i;
    std::sort(ranks.begin(), ranks.end(), [&](std::size_t a, std::size_t b) {
        auto const one = length(places[a]);
        auto const other = length(places[b]);
        return one != other ? one > other : a < b;
    });
    ranks.resize(room);
    std::sort(ranks.begin(), ranks.end());
    for (std::size_t i = 0; i < room; ++i) places[i] = places[ranks[i]];
    places.resize(room);
    return places;
}
/// 0 to count - 1.
std::vector<std::size_t> all_places(std::size_t count);

/// What is asked of a run as a whole.
struct summary {
    std::uint64_t tasks = 0;  // ended and timed
    std::uint64_t running = 0;
    std::uint64_t failed = 0;  // timed out ones too
    std::uint64_t untimed = 0;
    duration busy{};  // of all threads
    duration path_worked{};
    duration path_waited{};
};
summary summary_of(run_timing const& of) noexcept;

}  // namespace frond::hooks::detail
