// Counts the pending work of an expansion: its lanes, its children that run apart from their lane, and an expander that
// awaits. At zero the expansion finishes, once.
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
    /// `finish` is woken when the count comes to zero. It must outlive this object.
    explicit pending_work(wakeable& finish) noexcept : finish_(finish) {}

    void add(std::uint32_t count = 1) noexcept { count_.fetch_add(count, std::memory_order_relaxed); }
    /// Takes back work that was added and will not be done. Requires: other work is pending.
    void give_back(std::uint32_t count) noexcept {
        [[maybe_unused]] auto const before = count_.fetch_sub(count, std::memory_order_release);
        assert(before > count);
    }
    /// One piece of work is done. The expansion may be destroyed inside, unless the caller has other pending work.
    void drop() noexcept;
    std::uint32_t count() const noexcept { return count_.load(std::memory_order_acquire); }

    // ---- where a parent watches for standstills
    /// From now on, lanes that wait for the expander or for the limit of its children are parked at `where`.
    void watched_in(parking* where) noexcept { parking_ = where; }
    bool is_watched() const noexcept { return parking_ != nullptr; }
    /// Calls `take`, which gives true or puts `item` into a list from which it is woken. In the second case `item` is
    /// parked.
    template <class Take>
    bool take_or_park(wakeable& item, Take take) noexcept {
        return parking_ == nullptr ? take() : parking_->enter_unless(item, take);
    }
    /// Calls `put`, which puts `item` into a list from which it is woken, and parks it. The caller must call `look`
    /// later.
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
