// Counts what runs at once and makes the others wait. Thread: any.
#pragma once

#include "frond/base/executor.hpp"

#include <cstdint>
#include <mutex>

namespace frond {

/// Invariants: at most `limit` slots are taken; who waits does so only while none is free.
class slot_limiter {
public:
    explicit slot_limiter(std::uint32_t limit) noexcept : limit_(limit) {}

    /// True: a slot is taken.
    bool try_take() noexcept;
    /// True: a slot is taken. False: `waiting` is woken later, when a slot has been taken for it. `first`: before others.
    bool take(wakeable& waiting, bool first = false) noexcept;
    /// Gives a slot back, to the first who waits.
    /// One more than the limit allows, where there is no memory to wait with.
    void take_anyway() noexcept;
    void give() noexcept;

private:
    std::uint32_t const limit_;
    std::mutex mutex_;  // guards what follows
    std::uint32_t taken_ = 0;
    work_list waiting_;  // of wakeable
};

}  // namespace frond
