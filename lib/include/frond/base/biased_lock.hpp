// A lock that one thread, its owner, takes and leaves nearly for free, and that other threads may take while the owner is away.
//
// The owner stores, and then loads whether a visitor is inside; a visitor stores, and then loads whether the owner is. Each has to
// see the other's store or be seen, which asks for a fence on both sides. The visitor's, which is rare, stands in for the owner's
// wherever the system offers that (Dekker's algorithm, made asymmetric as in biased locking and hazard pointers).
#pragma once

#include <atomic>
#include <cassert>
#include <thread>

namespace frond {

/// Orders a store before a later load, on two sides that have to see one another's.
struct asymmetric_fence {
    /// The side that passes often: it costs nothing where `heavy` acts on all threads of the process.
    static void light() noexcept {
        if (heavy_acts_on_all.load(std::memory_order_relaxed)) {
            std::atomic_signal_fence(std::memory_order_seq_cst);
        } else {
            std::atomic_thread_fence(std::memory_order_seq_cst);
        }
    }
    /// The side that passes rarely. False if the system has refused: then nothing is ordered.
    static bool heavy() noexcept;
    /// Lets `heavy` act on all threads from now on, if the system can do that. Must come before the first `heavy`.
    static void prepare() noexcept;

private:
    // Set once, by `prepare`. A thread that still reads false passes a full fence, which is more than it needs.
    static std::atomic<bool> heavy_acts_on_all;
};

/// Invariant: never are the owner and a visitor inside at once.
/// Thread: the part of the owner by one thread, always the same; the part of a visitor by others, one at a time.
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
    /// True if the owner is away: the visitor is inside until `leave`, and the owner waits for that if it comes back.
    bool visit() noexcept {
        assert(!visited_.load(std::memory_order_relaxed));
        visited_.store(true, std::memory_order_relaxed);
        if (asymmetric_fence::heavy() && !locked_.load(std::memory_order_acquire)) return true;
        leave();
        return false;
    }
    void leave() noexcept { visited_.store(false, std::memory_order_release); }

private:
    std::atomic<bool> locked_{false};   // the owner is inside; released when it goes, with all that it wrote
    std::atomic<bool> visited_{false};  // a visitor is inside, or looks whether it may be; released when it goes
};

}  // namespace frond
