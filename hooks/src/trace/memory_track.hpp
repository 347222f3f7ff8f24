// How much memory the process has, as a counter of a trace.
#pragma once

#include "trace_process.hpp"

namespace frond::hooks::detail {

/// Looks at most once a millisecond at first, and half as often after each 256 looks.
class memory_track {
public:
    explicit memory_track(bool shown) noexcept : shown_(shown) {}

    /// If it is time; times do not go back. Nothing where /proc/self/statm does not tell.
    void look(trace_process& to, trace_time now);
    /// Whatever the time.
    void look_at_last(trace_process& to, trace_time now);

private:
    bool shown_;
    trace_time next_ = 0;
    trace_time between_ = 1'000'000;
    unsigned looks_ = 0;
};

}  // namespace frond::hooks::detail
