// A lock that one thread, its owner, takes and leaves nearly for free,
// and that other threads may take while the owner is away.
//
// The owner stores, and then loads whether a visitor is inside. A visitor stores, and then loads whether the owner is
// inside. At least one of the two must see the other's store, which asks for a fence on both sides. The visitor's fence
// is rare. Where the system offers one that acts on all threads, it stands in for the owner's (Dekker's algorithm, made
// asymmetric as in biased locking and hazard pointers).
#pragma once

#include <atomic>
#include <cassert>
#include <thread>

namespace frond {

/// Orders a store before a later load on two sides, so that at least one of them sees the store of the other.
struct asymmetric_fence {
    /// For the side that passes often. Costs nothing where `heavy` acts on all threads of the process.
    static void light() noexcept {
        if (heavy_acts_on_all.load(std::memory_order_relaxed)) {
            std::atomic_signal_fence(std::memory_order_seq_cst);
        } else {
            std::atomic_thread_fence(std::memory_order_seq_cst);
        }
    }
    /// For the side that passes rarely. False if the system has refused: then nothing is ordered.
    static bool heavy() noexcept;
    /// Lets `heavy` act on all threads from now on, if the system can do that. Must come before the first `heavy`.
    static void prepare() noexcept;

private:
    // Set once, by `prepare`. A thread that still reads false passes a full fence, which is more than it needs.
    static std::atomic<bool> heavy_acts_on_all;
};

/// Invariant: the owner and a visitor are never inside at once.
/// Thread: `lock` and `unlock` by the owner, always the same thread;
/// `visit` and `leave` by other threads, one at a time.
class biased_lock {
public:
    // ---- the owner
    void lock() noexcept {
        assert(!is_locked());
        locked_.store(true, std::memory_order_relaxed);
        asymmetric_fence::light();
        while (visited_.load(std::memory_order_acquire)) std::this_thread::yield();
    }
    void unlock() noexcept {
        assert(is_locked());
        locked_.store(false, std::memory_order_release);
    }
    bool is_locked() const noexcept { return locked_.load(std::memory_order_relaxed); }

    // ---- a visitor
    /// True if the owner is away: then the visitor is inside until `leave`,
    /// and an owner that comes back waits for `leave`.
    bool visit() noexcept {
        assert(!visited_.load(std::memory_order_relaxed));
        visited_.store(true, std::memory_order_relaxed);
        if (asymmetric_fence::heavy() && !locked_.load(std::memory_order_acquire)) return true;
        leave();
        return false;
    }
    void leave() noexcept { visited_.store(false, std::memory_order_release); }

private:
    std::atomic<bool> locked_{false};   // the owner is inside; its unlock releases all that it wrote
    std::atomic<bool> visited_{false};  // a visitor is inside, or tries to be; its leave releases all that it wrote
};

}  // namespace frond
