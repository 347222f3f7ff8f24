// Counts what runs at once and makes the others wait. Thread: any.
#pragma once

#include "frond/base/executor.hpp"

#include <cassert>
#include <cstdint>
#include <mutex>

namespace frond {

/// Invariants:
///  (1) at most `limit` slots are taken, but for those that were taken anyway;
///  (2) something waits only while `limit` slots or more are taken;
///  (3) a slot is given once for each time that it was taken: none is left when the limiter goes.
class slot_limiter {
public:
    /// Requires: `limit` is not zero.
    explicit slot_limiter(std::uint32_t limit) noexcept : limit_(limit) { assert(limit != 0); }
    slot_limiter(slot_limiter const&) = delete;
    slot_limiter& operator=(slot_limiter const&) = delete;
    ~slot_limiter() { assert(taken_ == 0 && waiting_.empty()); }

    /// True: a slot is taken.
    bool try_take() noexcept;
    /// True: a slot is taken. False: `waiting` is woken later, when a slot has been taken for it. `first`: before others.
    bool take(wakeable& waiting, bool first = false) noexcept;
    /// Takes a slot even if the limit does not allow it, where there is no memory to wait with.
    void take_anyway() noexcept;
    /// Gives a slot back, to the first that waits. Requires: it was taken.
    void give() noexcept;

private:
    std::uint32_t const limit_;
    std::mutex mutex_;  // guards what follows
    std::uint32_t taken_ = 0;
    work_list waiting_;  // of wakeable
};

}  // namespace frond
