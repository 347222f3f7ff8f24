// What hooks are told. Events are made where a hook is called, from small records that the run queues.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace frond {

/// Which task: its spec and the index of the child at each level, outermost first.
struct task_id {
    std::shared_ptr<frond::plan const> plan;
    std::size_t spec = 0;
    std::vector<std::uint64_t> indices;  // one for each enclosing expansion

    /// "expand-file.3.block-file"
    std::string to_string() const;
};

enum class task_state : std::uint8_t {
    running,  // before it
    succeeded,
    failed,
    cancelled,  // begun, and ended by a cancellation
    skipped,    // never begun
    timed_out,
};

/// before_run, after_grouping, after_run.
struct run_event {
    std::uint64_t run_id = 0;
    std::shared_ptr<frond::plan const> plan;  // specs: ids, purposes, nodes, dependencies; inputs, overrides, outputs
    time_point time{};
    std::optional<error> failure;             // after_run: why it failed; none: it succeeded
    std::optional<frond::progress> progress;  // after_run: the last, exact counters
    std::uint64_t events_dropped = 0;         // after_run: how many this hook was not told
};

/// before_task, after_task.
struct task_event {
    std::uint64_t run_id = 0;
    task_id id;
    frond::purpose purpose{};
    std::span<plan_step const> steps;      // the nodes; names by id.plan->graph[step.node].name
    std::optional<std::uint64_t> index;    // of the child; none outside expansions
    std::optional<std::uint64_t> total;    // of its siblings and itself; none while it is not known
    std::optional<task_id> spawning_task;  // the expand task; none: the plan spawned it
    std::uint32_t depth = 0;
    std::uint32_t attempt = 1;
    time_point time{};
    std::thread::id thread;
    counters so_far;  // of its spec
    task_state state = task_state::running;
    std::optional<error> failure;  // after_task of a failed one
};

/// on_yield: a child was yielded.
struct yield_event {
    std::uint64_t run_id = 0;
    task_id expander;
    std::uint64_t index = 0;
    time_point time{};
};

/// after_expansion: an expander has ended; its children may still run.
struct expansion_event {
    std::uint64_t run_id = 0;
    task_id expander;
    std::uint64_t total = 0;
    time_point time{};
};

}  // namespace frond
