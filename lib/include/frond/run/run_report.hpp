// What is worth knowing of a run when it is over, beside its result: how its tasks ended, how long it took, and how its
// hooks fared.
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
    std::uint64_t events_dropped = 0;  // that it was not told
    std::uint64_t most_queued = 0;     // events that waited to be told, at most
    bool downgraded = false;           // it was lossless, and held the run back for too long
    bool interrupted = false;          // it had not been told all when the grace was over
};

/// Handed to a run as an lvalue, which outlives the run; filled in before the run completes. A hook that the run does not
/// wait for is told of as far as it has come.
struct run_report {
    std::uint64_t run_id = 0;
    duration took{};    // from when it was handed to its executor until its last task had ended
    counters tasks;     // of all specs
    counters children;  // of all expanders
    std::uint64_t retries = 0;
    std::uint64_t streams_grown = 0;       // how often one has become larger, lest everything wait for something else
    std::uint64_t most_stream_chunks = 0;  // of the largest one that has; 0: none
    std::vector<hook_report> hooks;        // in the order in which they were handed in
    std::vector<error> hook_errors;        // what they threw, the first ones; bounded
    std::uint64_t hook_errors_total = 0;
};

}  // namespace frond
