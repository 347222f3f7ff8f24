// What of an expansion is not done yet: its lanes, its children that run apart from their lane, and an expander that
// awaits. When nothing is, the expansion finishes, once.
#pragma once

#include "frond/base/detail/parking.hpp"
#include "frond/base/executor.hpp"

#include <atomic>
#include <cassert>
#include <cstdint>
#include <mutex>

namespace frond {

/// Begins with one: the expansion's first lane. Thread: any.
class pending_work {
public:
    /// `finish` is woken when nothing is pending any more; it outlives this.
    explicit pending_work(wakeable& finish) noexcept : finish_(finish) {}

    void add(std::uint32_t count = 1) noexcept { count_.fetch_add(count, std::memory_order_relaxed); }
    /// Takes back what will not come to be. Requires: something else is pending.
    void give_back(std::uint32_t count) noexcept {
        [[maybe_unused]] auto const before = count_.fetch_sub(count, std::memory_order_release);
        assert(before > count);
    }
    /// One of it is done. If it was the last, the expansion may be gone.
    void drop() noexcept;
    std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }

    // ---- where a parent watches for standstills
    /// What waits for the expander or for the limit of its children is parked there from now on.
    void watched_in(parking* where) noexcept { parking_ = where; }
    bool is_watched() const noexcept { return parking_ != nullptr; }
    /// `take` gives true, or puts `item` where it is woken: then that is parked.
    template <class Take>
    bool take_or_park(wakeable& item, Take take) noexcept {
        return parking_ == nullptr ? take() : parking_->enter_unless(item, take);
    }
    /// `put` puts `item` where it is woken. Nobody looks for a standstill now.
    template <class Put>
    void park(wakeable& item, Put put) noexcept {
        if (parking_ == nullptr) {
            put();
            return;
        }
        std::lock_guard const guard(parking_->watch().mutex);
        parking_->enter(item);
        put();
    }
    /// Looks for a standstill, since something pending waits for the world outside or has gone.
    void look() noexcept {
        if (parking_ != nullptr) look_now(parking_->watch());
    }

private:
    void drop_watched() noexcept;

    wakeable& finish_;
    std::atomic<std::uint32_t> count_{1};
    parking* parking_ = nullptr;  // null: nothing is watched
};

}  // namespace frond
