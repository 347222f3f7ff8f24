// How often a thread looks at the clock. A look costs as much as some short bodies, so the clock is looked at seldom
// while what the thread does is short.
#pragma once

#include <algorithm>
#include <chrono>

namespace frond {

/// Thread: one at a time.
class clock_pace {
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

public:
    /// How many things the thread may do between two looks, at most.
    static constexpr unsigned most = 16;
    /// After things that took longer than this together, the next one is looked at by itself.
    static constexpr duration slow = std::chrono::microseconds(50);

    /// Counts one thing that the thread has done. True if the clock must be looked at: then `looked` must follow.
    bool is_due() noexcept { return --left_ == 0; }
    /// The clock was looked at.
    void looked(time_point now) noexcept {
        if (looked_ != time_point{}) between_ = now - looked_ > slow ? 1 : std::min(2 * between_, most);
        looked_ = now;
        left_ = between_;
    }
    /// The next thing is looked at by itself.
    void look_next() noexcept { left_ = 1; }

private:
    time_point looked_{};  // zero: not yet
    unsigned left_ = 1;
    unsigned between_ = 1;
};

}  // namespace frond
