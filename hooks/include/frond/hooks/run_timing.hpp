// Where the time of a run went, as data: what frond::hooks::timing_report has measured, and its three ways of being told.
//
// Names, keys and errors are as they came, and may hold anything; `to_text`, `to_json` and `to_html` make them harmless.
// Points of time are told as durations since before_run.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace frond::hooks {

/// How a number of durations are spread. Quantiles are by nearest rank and at most 1/128 of their value off, never
/// outside of least and most; all else is exact.
struct time_spread {
    std::uint64_t count = 0;
    duration total{};
    duration least{};
    duration p50{};
    duration p95{};
    duration p99{};
    duration most{};

    duration mean() const noexcept { return count == 0 ? duration::zero() : total / static_cast<std::int64_t>(count); }
};

/// How much went on over the time of the run: the mean number of tasks in each slice of it, exact.
struct activity {
    std::vector<double> mean;  // by slice; empty: not kept
    duration slice{};
};

/// The tasks of one spec.
struct spec_timing {
    std::string name;  // as in the plan: "block-file"
    frond::purpose purpose{};
    std::uint32_t depth = 0;  // how many expansions enclose it
    std::optional<std::size_t>
        expander;       // in run_timing::specs, whose children they are tasks of; none: outside expansions
    time_spread tasks;  // from before_task to after_task
    std::uint64_t running = 0;
    std::uint64_t failed = 0;
    std::uint64_t timed_out = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t untimed = 0;  // ended, but that they had begun was not told
    /// How long they were ready and did not run: a child's first task from the child's yield on, every other task from
    /// before_submission on.
    time_spread queued;
    activity running_over_time;  // of the first 64 specs that began
};

/// The children of one expander, in all instances of its expansion.
struct expansion_timing {
    std::string name;  // the expander's spec
    std::uint64_t yielded = 0;
    std::uint64_t not_started = 0;
    duration open{};  // that the expander ran, summed over its instances
    /// Of that, while no child was queued. Children are asked for as there is room for them, so this is no loss by itself.
    duration none_queued{};
    /// Of that, while no task of a child ran either: all waited for the expander.
    duration none_open{};
};

/// A collector. Events do not tell when it awaits: before its last child has ended it waits or works, after that it works.
struct collector_timing {
    std::string name;
    duration with_children{};   // it ran, and a child that it collects from had not ended
    duration after_children{};  // it ran, and all had: nothing was left to wait for but itself
};

/// A task of a child, one of the slowest.
struct slow_task {
    std::string task;  // its id
    std::string key;   // of the child; empty if the expander gave none
    duration began{};
    duration took{};
    task_state state = task_state::succeeded;
};

/// A task that the end of the run had to wait for.
struct critical_step {
    std::string task;  // its id
    std::size_t spec = 0;
    duration waited{};  // since the step before it, until it began
    duration from{};
    duration to{};  // an expander is on the way until it yields the child that follows; every other task to its end
    duration
        children_ran{};  // of an expander's time here: some of its children were queued or ran, and may have held it up
};

/// A thread, by what is known of it: tasks that cannot suspend keep the thread busy from their beginning to their end.
struct thread_timing {
    std::uint64_t tasks = 0;  // of those
    duration busy{};
    activity busy_over_time;
};

/// One task on the timeline.
struct sampled_task {
    std::size_t spec = 0;
    duration from{};
    duration to{};
    std::string task;
};

struct run_timing {
    std::uint64_t run_id = 0;
    bool ended = false;
    bool cancelled = false;
    std::optional<std::string> failure;
    duration elapsed{};                // to after_run; while the run goes on, to the latest event
    std::uint64_t events_dropped = 0;  // known in the end; what they would have said is missing everywhere
    std::vector<spec_timing> specs;    // in the plan's order
    std::vector<expansion_timing> expansions;
    std::vector<collector_timing> collectors;
    std::vector<slow_task> slowest;  // the slowest first

    /// The way to the end, backwards from the task that ended last. Before a task comes, of all that it needs, what ended
    /// last. Of an expansion that is the child's task that ended last, no later than the collector; an expander that
    /// ended after that comes in between, from then on. Before a child's first task comes its expander, until it
    /// yielded the child. A step begins where the one before it ended: a collector counts from its last child's end.
    std::vector<critical_step> critical_path;
    bool path_is_whole = true;  // it goes back to the beginning; false: events that it would need are missing

    std::vector<thread_timing> threads;  // in the order in which they were first seen, 64 at most
    duration
        elsewhere{};  // tasks that cannot suspend, but were sent to other executors: with the time that they queued there
    duration suspending{};  // coroutines outside of expanders: whether they kept a thread busy cannot be told

    std::vector<sampled_task> timeline;  // of each spec up to 128: each, or every 2nd, 4th, 8th ...
};

/// A table that is at most 100 columns wide, in UTF-8.
std::string to_text(run_timing const& of);
/// One object, all ASCII. Durations are numbers of nanoseconds, under names that end in `_ns`.
std::string to_json(run_timing const& of);
/// One page that needs nothing else: no script, nothing from the network.
std::string to_html(run_timing const& of);

}  // namespace frond::hooks
