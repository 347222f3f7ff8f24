// What a trace tells of in passing: failures, retries, children that never start. A thousand of each, the rest is counted.
#pragma once

#include "frond/run/event.hpp"
#include "trace_process.hpp"

#include <cstdint>

namespace frond::hooks::detail {

class trace_instants {
public:
    /// If the task has failed.
    void note_outcome(trace_process& to, std::uint64_t lane, task_event const& event, trace_time at);
    void retry(trace_process& to, retry_event const& event, trace_time at);
    void not_started(trace_process& to, not_started_event const& event, trace_time at);

    std::uint64_t failures() const noexcept { return failures_; }
    std::uint64_t retries() const noexcept { return retries_; }
    std::uint64_t children_not_started() const noexcept { return children_not_started_; }

private:
    std::uint64_t failures_ = 0;
    std::uint64_t retries_ = 0;
    std::uint64_t ranges_not_started_ = 0;
    std::uint64_t children_not_started_ = 0;
};

}  // namespace frond::hooks::detail
