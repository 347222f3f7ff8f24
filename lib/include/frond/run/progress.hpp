// How far a run is: counters by task spec and by expansion, as a snapshot that owns all its values. Its texts may be shown: names
// and keys in them are `printable`.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/error.hpp"
#include "frond/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace frond {

/// How many tasks of a kind are in which state. yielded = queued + running + ended().
struct counters {
    std::uint64_t yielded = 0;  // exist, or existed
    std::uint64_t running = 0;  // begun and not ended; a suspended task is running
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;  // begun, and ended by a cancellation
    std::uint64_t skipped = 0;    // never begun, and never will be
    std::uint64_t timed_out = 0;

    std::uint64_t ended() const noexcept { return succeeded + failed + cancelled + skipped + timed_out; }
    std::uint64_t queued() const noexcept { return yielded - running - ended(); }

    friend bool operator==(counters const&, counters const&) = default;
};

/// The tasks of one spec, in all instances of its scope.
struct spec_progress {
    std::string name;  // as in the plan: "block-file"
    frond::purpose purpose{};
    std::optional<std::size_t> expansion;  // the one around it, in progress::expansions; none: outside of all
    counters tasks;
};

/// The children of one expander, in all instances of its expansion.
struct expansion_progress {
    std::string name;                   // of the expander
    std::optional<std::size_t> parent;  // the enclosing expansion, in progress::expansions; parents come first
    std::uint32_t depth = 1;            // 1: outside any other expansion
    std::optional<std::uint64_t>
        total;  // how many children there will be, in all instances; none while that is not known
    counters children;
};

/// How far a running body says it is.
struct body_progress {
    std::string task;  // the id of its task
    double done = 0;
    double of = 0;        // 0: not known
    std::string child{};  // the child by keys: "README.md", or "README.md > 7"; empty where no child has a key
};

/// A body that waits for something that no task of the run will bring about: a timer, a peer, an event of the user's.
struct waiting_body {
    std::string task;   // the id of its task
    std::string child;  // the child by keys, as in body_progress
    duration waited{};  // since its coroutine was suspended
};

/// Counters may be batched while tasks run; they are exact once the run has ended.
struct progress {
    std::uint64_t run_id = 0;
    time_point started{};  // when the run was handed to its executor
    time_point taken{};    // when this snapshot was made
    bool ended = false;
    std::vector<spec_progress> specs;            // in the plan's order
    std::vector<expansion_progress> expansions;  // in the plan's order: parents first
    std::vector<error> failures;                 // the first failures, in the order in which they came; bounded
    std::uint64_t failures_total = 0;
    std::vector<body_progress> bodies;  // running bodies that have told how far they are, latest first; bounded
    // Bodies that wait for something outside the run, the one that has waited longest first: at most 8, of the 64 tasks
    // that began to wait first. Where nothing else is left to run, they are what the run waits for.
    std::vector<waiting_body> waiting;
    std::uint64_t retries = 0;             // attempts that failed and were followed by another
    std::uint64_t streams_grown = 0;       // how often a stream has grown, so that nothing waits for ever
    std::uint64_t most_stream_chunks = 0;  // that the largest stream that has grown may hold; 0: none has
};

}  // namespace frond
