// Writes what a run does, and when, as a trace that https://ui.perfetto.dev and chrome://tracing show.
//
//     frond::hooks::trace trace("run.json");
//     auto result = frond::run_blocking<total>(trace);
//
// Each run is a process of the trace, with a lane for each of its threads. Tasks that began and ended on one thread, with no
// other in between, are slices of its lane. Those that were suspended, so that others ran meanwhile, are slices of tracks of
// their own, one for each kind of task, and on the lane a mark shows where they began. Arrows lead from an expander's mark to
// its children; counters show how many children run, and the memory of the process; instants show what failed, what was
// tried again and what never started.
//
// The file is a JSON array that is written as the run goes on, closed whenever no run is left. When the process dies in
// mid-run the closing bracket is missing, which both viewers put up with. The file's zero is the first run's before_run.
#pragma once

#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <memory>

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class trace_options {
public:
    trace_options() noexcept = default;

    /// About how many events a run may write at most, whatever its size; at least 1.
    trace_options& max_events(std::uint64_t count) {
        max_events_ = detail::within("trace_options: max_events", count, 1, UINT64_MAX);
        return *this;
    }
    /// Whether the memory of the process is shown, where /proc/self/statm tells it.
    trace_options& memory(bool shown) noexcept {
        memory_ = shown;
        return *this;
    }
    /// `every(bound)` or `lossless(bound)`. The file says how many events were lost.
    trace_options& policy(observer_policy policy) {
        policy_ = detail::telling("trace_options: policy", policy);
        return *this;
    }

    std::uint64_t max_events() const noexcept { return max_events_; }
    bool memory() const noexcept { return memory_; }
    observer_policy const& policy() const noexcept { return policy_; }

private:
    std::uint64_t max_events_ = 200'000;
    bool memory_ = true;
    observer_policy policy_ = every();
};

/// The hook.
///
/// Large runs are sampled, by a rule that the file states together with what it has left out: of an expansion all of the
/// first N children are written, and from there on N/16 for each doubling of the index, evenly spaced. For children inside
/// children it is not the index that counts, but the product of `index + 1` over all levels; and nothing is written of a
/// child whose enclosing one is left out. N follows from `max_events` and the plan. All tasks of a child are written or left
/// out together, but what failed or was tried again is always shown, up to a thousand of each.
///
/// It remembers what is open, where the expanders that it has written began, and a thousand numbers for each expansion of
/// the plan: less than grows with anything but `max_events` and what runs at once.
/// Errors: what cannot be written is thrown, once, by the method that was told; nothing more is written then.
/// Thread: any number of runs, at once too.
class trace {
public:
    /// Replaces what the file held.
    /// Errors: throws std::system_error, which names the path.
    explicit trace(std::filesystem::path const& file, trace_options options = trace_options());
    /// To a stream, which outlives the hook. One that cannot seek takes no further runs once the array is closed.
    explicit trace(std::ostream& stream, trace_options options = trace_options());
    trace(trace const&) = delete;
    trace& operator=(trace const&) = delete;
    ~trace();

    observer_policy policy() const noexcept;
    void before_run(run_event const& event);
    void on_not_started(not_started_event const& event);
    void before_task(task_event const& event);
    void on_retry(retry_event const& event);
    void after_task(task_event const& event);
    void after_run(run_event const& event);

protected:
    class book;
    explicit trace(std::unique_ptr<book> of) noexcept;
    book& of_it() noexcept { return *book_; }

private:
    std::unique_ptr<book> book_;
};

/// The same with the nodes inside each task. It is another type since a run tells of nodes only if a hook has the methods,
/// and that costs as much again as telling of tasks.
class node_trace : public trace {
public:
    explicit node_trace(std::filesystem::path const& file, trace_options options = trace_options());
    explicit node_trace(std::ostream& stream, trace_options options = trace_options());

    void before_node(node_event const& event);
    void after_node(node_event const& event);
};

}  // namespace frond::hooks
