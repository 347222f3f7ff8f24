// How many threads may take part in a run: as many as its executor says, or as turn out to be there.
//
// Two ways to get another thread: helper credits, of which the run has one for each further thread, for bodies so short
// that more threads would not pay; and invitations, posted for whichever thread gets free first, for long ones.
#pragma once

#include <atomic>

namespace frond {

/// Thread: `begin` before all else; the rest from any thread.
class run_threads {
public:
    /// `concurrency`: the executor's, 0 if it does not tell. `machine`: how many threads the machine has, at least 1.
    void begin(unsigned concurrency, unsigned machine) noexcept;

    /// True if the run has one thread for certain.
    bool single() const noexcept { return single_; }
    /// How many lanes an expansion may have.
    unsigned width() const noexcept { return width_; }

    // ---- helpers
    /// Reserves one more thread to take part; pair with give_helper. False if all that there may be do already.
    bool take_helper() noexcept;
    void give_helper() noexcept { helpers_.fetch_add(1, std::memory_order_relaxed); }
    /// A helper lane has come on the thread that made it, so perhaps there is no other thread. After three of these,
    /// each further one takes a credit away for good.
    void helper_was_in_vain() noexcept;

    // ---- invitations
    /// A lane that waited for a free thread has come, on another one than the lane that invited it, or on the same.
    void invited_came(bool on_other_thread) noexcept;
    /// True if the executor, which does not tell how many threads it has, seems to have only one.
    bool alone() const noexcept { return alone_.load(std::memory_order_relaxed); }

private:
    bool single_ = false;
    bool known_ = true;  // the executor tells how many threads it has
    unsigned width_ = 1;
    std::atomic<int> helpers_{0};  // how many more threads may take part; only a count
    std::atomic<int> vain_{0};
    std::atomic<int> on_same_thread_{0};  // lanes in a row that came on the thread that had invited them; only a count
    std::atomic<bool> alone_{false};      // only a hint
};

}  // namespace frond
