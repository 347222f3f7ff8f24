// The gate to the source of an expansion: one lane at a time may run the expander, and the others wait in a list.
#pragma once

#include "frond/base/executor.hpp"

#include <atomic>
#include <cstdint>

namespace frond {

/// Thread: any. `enter` and `leave` pair like lock and unlock, but on different threads if need be.
class source_gate {
public:
    /// True: the source is the caller's.
    /// Spins a little, since a lane mostly holds the source for less time than a wake-up costs.
    bool try_enter() noexcept {
        for (int spins = 0; spins < 400; ++spins) {
            auto seen = word_.load(std::memory_order_relaxed);
            if (seen == free && word_.compare_exchange_weak(seen, busy, std::memory_order_acquire)) return true;
            if (seen != free && awaiting_.load(std::memory_order_relaxed)) return false;
        }
        return false;
    }
    /// True: the source is the caller's. False: `waiting` is in the list, and woken by the next `leave`.
    bool enter(wakeable& waiting) noexcept {
        auto seen = word_.load(std::memory_order_relaxed);
        for (;;) {
            if (seen == free) {
                if (word_.compare_exchange_weak(seen, busy, std::memory_order_acquire)) return true;
            } else {
                waiting.next = seen == busy ? nullptr : reinterpret_cast<work*>(seen);
                // Release: the lane that leaves must see all that the waiting lane wrote.
                if (word_.compare_exchange_weak(seen, reinterpret_cast<std::uintptr_t>(static_cast<work*>(&waiting)),
                                                std::memory_order_acq_rel)) {
                    return false;
                }
            }
        }
    }
    /// Gives the source up, and wakes the lanes in the list: the first one on this thread,
    /// the others on any thread of the executor.
    void leave() noexcept {
        auto const seen = word_.exchange(free, std::memory_order_acq_rel);
        if (seen == busy) return;
        auto* item = reinterpret_cast<work*>(seen);
        bool first = true;
        while (item != nullptr) {
            auto& waiting = static_cast<wakeable&>(*item);
            item = item->next;
            if (first) {
                waiting.wake();
            } else {
                waiting.wake_elsewhere();
            }
            first = false;
        }
    }

    /// Says whether the expander awaits something: then a lane that comes need not spin.
    void awaiting(bool now) noexcept { awaiting_.store(now, std::memory_order_relaxed); }
    bool awaiting() const noexcept { return awaiting_.load(std::memory_order_relaxed); }

private:
    static constexpr std::uintptr_t free = 0;
    static constexpr std::uintptr_t busy = 1;

    std::atomic<std::uintptr_t> word_{free};  // free, busy, or the head of the list: the lane that came last
    std::atomic<bool> awaiting_{false};       // a hint; a watch reads it under its mutex, after it was set
};

}  // namespace frond
