// The clock seam: tells the time, and waits for a time. The library reads no other clock, so a test that replaces it
// decides when anything that depends on time happens.
#pragma once

#include "frond/base/executor.hpp"
#include "frond/base/time_span.hpp"

namespace frond {

/// Work that a clock hands to an executor when its time has come. The waiting object owns the alarm, which must live
/// until it has run or until `clock::cancel` has given true.
struct alarm : wakeable {
    using wakeable::wakeable;
    time_point when{};
    void* slot = nullptr;  // for the clock's own use

    /// Of the clock, too: see alarm_heap.
    struct links {
        alarm* child = nullptr;    // the first of the alarms below
        alarm* sibling = nullptr;  // the next one below the same alarm
        alarm* before = nullptr;   // the sibling before, or the alarm above
    } heap;
};

/// Tells the time and wakes. Thread: every member may be called from any thread.
class clock {
public:
    virtual time_point now() const noexcept = 0;
    /// Hands `item` to `item.on` at `item.when` or soon after, however little memory there is.
    virtual void wait(alarm& item) noexcept = 0;
    /// Gives up waiting for `item`. True if `item` will not run any more, false if it has run or is about to.
    virtual bool cancel(alarm& item) noexcept = 0;

protected:
    clock() = default;
    clock(clock const&) = delete;
    clock& operator=(clock const&) = delete;
    ~clock() = default;
};

}  // namespace frond
