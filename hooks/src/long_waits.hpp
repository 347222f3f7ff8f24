// The waits of bodies of which displays tell.
#pragma once

#include "frond/run/progress.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace frond::hooks::detail {

/// A body that waits for this long may be what holds the run up. A shorter wait is no news.
inline constexpr auto long_wait = std::chrono::seconds(10);

/// The longest first.
inline std::span<waiting_body const> long_waits(progress const& of) noexcept {
    auto const is_long = [](waiting_body const& each) { return each.waited >= long_wait; };
    return {of.waiting.begin(), std::find_if_not(of.waiting.begin(), of.waiting.end(), is_long)};
}

}  // namespace frond::hooks::detail
