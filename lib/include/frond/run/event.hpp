// The events that hooks are told. They are made where a hook is called, from small records that the run queues.
//
// An event owns all its values, so a hook may copy and keep it. What a method of it gives as text may be shown: names and keys
// come from outside, and are `printable`. Each has a method or a field beside it that gives the text as it came.
#pragma once

#include "frond/base/child.hpp"
#include "frond/base/clock.hpp"
#include "frond/base/value_type.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace frond {

/// A child, and the children around it.
struct child_path {
    std::shared_ptr<child_path const> enclosing;  // null: outermost
    std::uint64_t index = 0;
    child_key key;
};

/// Which task: its spec, and the child that it is a part of.
struct task_id {
    std::shared_ptr<frond::plan const> plan;
    std::size_t spec = 0;
    std::shared_ptr<child_path const> enclosing;  // the children around the child; null: none
    std::optional<std::uint64_t> index;           // of the child; none outside expansions
    child_key key;                                // of the child

    /// The most bytes of a name or key in an id: a longer one is cut, and ends in "...". The indices tell tasks apart.
    static constexpr std::size_t most_of_a_name = 256;

    /// "expand-file.3.block-file"; with keys "expand-file.3[README.md].block-file". As it may be shown.
    std::string to_string() const;
    /// The same with names and keys as they came.
    std::string raw() const;
    /// The index of the child at each level, outermost first.
    std::vector<std::uint64_t> indices() const;
    /// The expand task that spawned the task; none if the plan did.
    std::optional<task_id> spawning_task() const;

    task_spec const& of() const noexcept { return plan->specs[spec]; }
};

enum class task_state : std::uint8_t {
    running,  // it has not ended
    succeeded,
    failed,
    cancelled,  // begun, and ended by a cancellation
    skipped,    // never begun
    timed_out,
};

std::string_view to_string(task_state state) noexcept;

/// after_graph_construction, before_run, after_grouping, after_run.
struct run_event {
    std::uint64_t run_id = 0;
    std::shared_ptr<frond::plan const> plan;  // specs: ids, purposes, nodes, dependencies; inputs, overrides, outputs
    time_point time{};
    std::optional<error> failure;             // after_run: why it failed; none: it succeeded
    std::optional<frond::progress> progress;  // after_run: the last, exact counters
    std::uint64_t events_dropped = 0;         // after_run: how many this hook was not told
};

/// before_submission, before_task, after_task, after_return.
struct task_event {
    std::uint64_t run_id = 0;
    task_id id;  // with the index and the key of its child
    frond::purpose purpose{};
    std::span<plan_step const> steps;    // the nodes; names by id.plan->graph[step.node].name
    std::optional<std::uint64_t> total;  // of its siblings and itself; none while it is not known
    std::uint32_t depth = 0;             // how many expansions enclose it
    std::uint32_t attempt = 1;           // always 1: nodes are tried again, tasks are not
    time_point time{};
    std::thread::id thread;
    counters so_far;  // of the task's spec, at the time when the event is told
    task_state state = task_state::running;
    std::optional<error> failure;  // after_task, after_return of a failed task

    std::optional<std::uint64_t> const& index() const noexcept { return id.index; }
    /// As it may be shown; empty if the expander gave the child no key. `id.key.raw()` is the key as it came.
    std::string key() const { return id.key.to_string(); }
    std::optional<task_id> spawning_task() const { return id.spawning_task(); }
};

/// before_node, after_node: once for each attempt.
struct node_event {
    std::uint64_t run_id = 0;
    task_id task;
    std::size_t node = 0;  // in task.plan->graph
    std::uint32_t attempt = 1;
    time_point time{};
    std::thread::id thread;
    task_state state = task_state::running;
    std::optional<error> failure;  // after_node of a failed attempt

    /// The node's name, as it may be shown.
    std::string name() const;
    std::string const& raw_name() const noexcept { return task.plan->graph[node].name; }
};

/// A copy of the parameter that an expander has yielded. There is none for a hook that does not ask for it (see
/// observer_policy::with_parameters), none of a type that cannot be copied
/// or is a view, and none if the copying throws.
class yielded_parameter {
public:
    yielded_parameter() noexcept = default;

    explicit operator bool() const noexcept { return value_ != nullptr; }
    /// Null if there is no copy, or if it is of another type.
    template <class T>
    T const* as() const noexcept {
        return value_ != nullptr && *type_ == value_type_of<T> ? static_cast<T const*>(value_.get()) : nullptr;
    }
    /// Null if there is no copy.
    value_type const* type() const noexcept { return value_ != nullptr ? type_ : nullptr; }

    /// True if there are copies of such values.
    static bool copies(value_type const& type) noexcept { return type.copy != nullptr && !type.view; }
    /// Copies a value of that type. Requires: copies(type).
    static yielded_parameter copy_of(value_type const& type, void const* value) noexcept;

private:
    yielded_parameter(value_type const& type, std::shared_ptr<void const> value) noexcept
        : type_(&type), value_(std::move(value)) {}

    value_type const* type_ = nullptr;
    std::shared_ptr<void const> value_;
};

/// on_yield: a child was yielded.
struct yield_event {
    std::uint64_t run_id = 0;
    task_id expander;
    std::uint64_t index = 0;
    child_key key;
    yielded_parameter parameter;
    std::optional<std::uint64_t> total;
    time_point time{};
};

/// total_known: an expander has said how many children there will be.
/// after_expansion: the expander has ended; its children may still run.
struct expansion_event {
    std::uint64_t run_id = 0;
    task_id expander;
    std::uint64_t total = 0;  // after_expansion: how many children it has yielded
    task_state state = task_state::running;
    std::optional<error> failure;
    time_point time{};
};

/// on_not_started: children first to first + count - 1 of an expansion were yielded and will not start.
struct not_started_event {
    std::uint64_t run_id = 0;
    task_id expander;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    task_state reason = task_state::skipped;  // cancelled: the run or an enclosing child was cancelled or has failed;
                                              // skipped: no collector reads any more
    time_point time{};
};

/// on_stream_growth: the stream from an expansion to a collector may hold more from now on, since its expander and its
/// reader would have waited for ever. The stream doubles each time, so the event comes rarely.
struct stream_growth_event {
    std::uint64_t run_id = 0;
    task_id expander;
    task_id collector;         // or an expander that collects
    std::uint64_t chunks = 0;  // that the stream may hold from now on
    std::uint64_t bytes = 0;   // the size of these chunks
    time_point time{};
};

/// on_progress: a body has told how far it is.
struct progress_event {
    std::uint64_t run_id = 0;
    task_id task;
    double done = 0;
    double of = 0;  // 0: not known
    time_point time{};
};

/// on_retry: an attempt has failed, and another follows after `delay`.
struct retry_event {
    std::uint64_t run_id = 0;
    task_id task;
    std::size_t node = 0;
    std::uint32_t attempt = 1;  // the attempt that failed
    error failure;
    duration delay{};
    time_point time{};

    /// The node's name, as it may be shown.
    std::string name() const;
    std::string const& raw_name() const noexcept { return task.plan->graph[node].name; }
};

}  // namespace frond
