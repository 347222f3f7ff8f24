// The clock seam: what time it is, and waiting for a time. The library reads no other clock, so a test that replaces
// this one decides when anything that depends on time happens.
#pragma once

#include "frond/base/executor.hpp"

#include <chrono>

namespace frond {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// One waiting: `item` is handed to an executor when the time has come. Owned by whoever waits, alive until then or
/// until `clock::cancel` has said true.
struct alarm : wakeable {
    using wakeable::wakeable;
    time_point when{};
    void* slot = nullptr;  // the clock's own
};

/// Tells the time and wakes. Thread: every member may be called from any thread.
class clock {
public:
    virtual time_point now() const noexcept = 0;
    /// Hands `item` to `item.on` at `item.when` or soon after.
    virtual void wait(alarm& item) noexcept = 0;
    /// Gives up a waiting: true if it will not run any more, false if it has run or is about to.
    virtual bool cancel(alarm& item) noexcept = 0;

protected:
    clock() = default;
    clock(clock const&) = delete;
    clock& operator=(clock const&) = delete;
    ~clock() = default;
};

}  // namespace frond
