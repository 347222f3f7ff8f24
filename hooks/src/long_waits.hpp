// The waits of bodies that displays tell.
#pragma once

#include "frond/run/progress.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace frond::hooks::detail {

/// A body that waits for this long may hold the run up. Displays do not tell a shorter wait.
inline constexpr auto long_wait = std::chrono::seconds(10);

/// The longest first.
inline std::span<waiting_body const> long_waits(progress const& of) noexcept {
    auto const is_long = [](waiting_body const& each) { return each.waited >= long_wait; };
    return {of.waiting.begin(), std::find_if_not(of.waiting.begin(), of.waiting.end(), is_long)};
}

}  // namespace frond::hooks::detail
