// Hands out a limited number of slots, and makes a wakeable that finds none wait for one. Thread: any.
#pragma once

#include "frond/base/executor.hpp"

#include <cassert>
#include <cstdint>
#include <mutex>

namespace frond {

/// Invariants:
///  (1) at most `limit` slots are taken, but for slots that take_anyway took;
///  (2) a wakeable waits only while `limit` slots or more are taken;
///  (3) each slot that was taken is given back once: none is taken when the limiter is destroyed.
class slot_limiter {
public:
    /// Requires: `limit` is not zero.
    explicit slot_limiter(std::uint32_t limit) noexcept : limit_(limit) { assert(limit != 0); }
    slot_limiter(slot_limiter const&) = delete;
    slot_limiter& operator=(slot_limiter const&) = delete;
    ~slot_limiter() { assert(taken_ == 0 && waiting_.empty()); }

    /// True: a slot is taken.
    bool try_take() noexcept;
    /// True: a slot is taken. False: `waiting` is woken later, when a slot has been taken for it.
    /// `first`: it waits in front of the others.
    bool take(wakeable& waiting, bool first = false) noexcept;
    /// Takes a slot even beyond the limit, where there is no memory to wait with.
    void take_anyway() noexcept;
    /// Gives a slot back, to the first wakeable that waits. Requires: a slot is taken.
    void give() noexcept;

private:
    std::uint32_t const limit_;
    std::mutex mutex_;  // guards what follows
    std::uint32_t taken_ = 0;
    work_list waiting_;  // wakeables
};

}  // namespace frond
