// A report on a run, beside its result: how its tasks ended, how long it took, and how its hooks fared.
//
//     frond::run_report report;
//     auto outcome = frond::run_blocking(plan, frond::arg<"root">(path), bars, report);
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/error.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <vector>

namespace frond {

/// One hook of a run.
struct hook_report {
    std::uint64_t errors = 0;          // calls that threw
    std::uint64_t events_dropped = 0;  // events that the hook was not told
    std::uint64_t most_queued = 0;     // the largest number of events that waited at one time
    bool downgraded = false;           // the hook was lossless, and held the run back for too long
    bool interrupted = false;          // the hook had not been told all events when the grace was over
};

/// Handed to a run as an lvalue, which must outlive the run; filled in before the run completes. If the run does not
/// wait for a hook, the hook's report says how far the hook has come by then.
struct run_report {
    std::uint64_t run_id = 0;
    duration took{};    // from the start on the executor until the last task had ended
    counters tasks;     // of all specs
    counters children;  // of all expanders
    std::uint64_t retries = 0;
    std::uint64_t streams_grown = 0;       // how often a stream has grown, so that nothing waits for ever
    std::uint64_t most_stream_chunks = 0;  // that the largest stream that has grown may hold; 0: none has
    std::vector<waiting_body> waiting;     // when the run was cancelled: as in progress
    std::vector<hook_report> hooks;        // in the order in which the hooks were handed in
    std::vector<error> hook_errors;        // the first errors that hooks threw; bounded
    std::uint64_t hook_errors_total = 0;
};

}  // namespace frond
