// How many lanes an expansion has, and whether one is invited.
#pragma once

#include <atomic>

namespace frond {

/// Begins with one lane. Lanes on a helper's credit are not counted here, but run-wide, by run_threads. Thread: any;
/// every number is only a count, and every flag only a hint.
class lane_roll {
public:
    void came() noexcept { lanes_.fetch_add(1, std::memory_order_relaxed); }
    void left() noexcept { lanes_.fetch_sub(1, std::memory_order_relaxed); }
    bool is_over(unsigned width) const noexcept { return lanes_.load(std::memory_order_relaxed) > width; }

    /// True: the caller is to invite a lane, which waits for a free thread then. `width`: how many lanes there may be.
    /// `alone`: the run seems to have one thread; each expansion tries once then, lest what was seen of the threads be
    /// held against the rest of the run.
    bool may_invite(unsigned width, bool alone) noexcept {
        if (invited_.load(std::memory_order_relaxed) || lanes_.load(std::memory_order_relaxed) >= width) return false;
        if (alone && tried_.exchange(true, std::memory_order_relaxed)) return false;
        return !invited_.exchange(true, std::memory_order_relaxed);
    }
    /// The lane that was invited has come, or could not be made.
    void invitation_over() noexcept { invited_.store(false, std::memory_order_relaxed); }

private:
    std::atomic<unsigned> lanes_{1};
    std::atomic<bool> invited_{false};  // a lane waits in the executor's queue
    std::atomic<bool> tried_{false};    // a lane was invited though the run seems to have one thread
};

}  // namespace frond
