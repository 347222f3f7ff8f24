// The gaps in which an expander kept its children waiting.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/run_timing.hpp"

#include <cstdint>
#include <utility>

namespace frond::hooks::detail {

/// One instance of an expansion. Events of several threads come a little out of order: what is earlier than what was seen
/// before counts as happening then.
class expansion_gaps {
public:
    void begin(time_point now) noexcept {
        open_ = true;
        seen_ = now;
    }
    void end(time_point now, expansion_timing& sums) noexcept {
        advance(now, sums);
        open_ = false;
    }
    /// More children that were yielded and have not begun, or fewer.
    void queue(time_point now, std::int64_t more, expansion_timing& sums) noexcept {
        advance(now, sums);
        queued_ += more;
    }
    /// More tasks of children that run, or fewer.
    void run(time_point now, std::int64_t more, expansion_timing& sums) noexcept {
        advance(now, sums);
        running_ += more;
    }

    /// True if the expander has not ended, or a child that was yielded has not.
    bool goes_on() const noexcept { return open_ || queued_ > 0 || running_ > 0; }
    /// How long so far no child was queued, and none ran.
    duration alone() const noexcept { return alone_; }

private:
    void advance(time_point now, expansion_timing& sums) noexcept {
        if (!open_ || now <= seen_) return;
        auto const time = now - std::exchange(seen_, now);
        sums.open += time;
        if (queued_ > 0) return;
        sums.none_queued += time;
        if (running_ > 0) return;
        sums.none_open += time;
        alone_ += time;
    }

    bool open_ = false;
    time_point seen_{};
    std::int64_t queued_ = 0;
    std::int64_t running_ = 0;
    duration alone_{};
};

}  // namespace frond::hooks::detail
