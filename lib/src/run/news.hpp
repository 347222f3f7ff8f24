// All observers of a run: the moments to which they listen, and the way of events into their queues. Knows of the run
// only what observed_run shows, and neither tasks nor expansions: their places come in as values.
//
// Invariants: the observers and the moments to which they listen do not change once the run has begun.
// Thread: `add` before the run begins, all other functions from any thread after that.
#pragma once

#include "event_record.hpp"
#include "frond/base/error.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/run_report.hpp"
#include "hook_errors.hpp"
#include "observed_run.hpp"
#include "observer.hpp"
#include "told_bodies.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace frond {

/// The place of a task: in the run itself, or in a child of an expansion.
struct task_place {
    std::uint32_t spec = 0;
    bool inside = false;                          // in a child; the members below say in which
    std::shared_ptr<child_path const> enclosing;  // the child around the child's expansion; null: the run
    std::uint64_t index = 0;
    child_key key;
    std::uint64_t total = event_record::unknown;  // of the child and its siblings
};

class news {
public:
    explicit news(observed_run& run) noexcept : run_(run) {}

    // ---- the run's life
    /// Adds an observer. `awaited`: the run does not complete before the observer has ended, or the grace is over.
    /// Errors: throws std::bad_alloc.
    void add(any_hook const& hook, bool awaited);
    /// Starts all observers. Must be called once; the run may complete once all have ended.
    void start() noexcept;
    /// Nothing more follows: observers end when they have told all that is queued.
    void close() noexcept;
    /// The grace is over: see `observer::cancel`.
    void cancel() noexcept;
    std::size_t observers() const noexcept { return observers_.size(); }
    /// The number of observers for which the run waits.
    std::size_t awaited() const noexcept;
    /// The hooks' part of the report. Errors: throws std::bad_alloc.
    void fill(run_report& report) const;

    // ---- the moments to which hooks listen
    bool tells(hook_moment moment) const noexcept { return listened_.has(moment); }
    /// True if a hook listens to tasks, children or expansions.
    bool tells_tasks() const noexcept { return listened_.has_any(task_moments); }
    /// True if a hook wants each task's own times.
    bool exact_time() const noexcept { return exact_time_; }
    /// True if a hook wants copies of the parameters that expanders yield.
    bool copies_parameters() const noexcept { return copies_parameters_; }

    // ---- telling hooks. Where memory is out, events are lost; the counters are still right.
    void tell(event_batch&& batch) noexcept;
    /// Tells one record about a task; its spec, index, total and time are filled in here.
    void tell_task(task_place of, event_record record, event_detail detail) noexcept;
    /// Tells one record about an expander's children; its spec and time are filled in here. `path`: the child that the
    /// expander is a part of; null: the run.
    void tell_expansion(std::shared_ptr<child_path const> const& path, std::uint32_t spec, event_record record,
                        error const* failure) noexcept;
    /// Tells one of the run's own moments. `failure`: for after_run of a run that has failed.
    void tell_run(hook_moment moment, std::optional<error> failure = std::nullopt) noexcept;

    // ---- lanes that lossless hooks hold back
    bool has_lossless_hooks() const noexcept { return !lossless_.empty(); }
    /// True: new children may start. False: `lane` is woken when they may, and must then ask again.
    bool admits(wakeable& lane) noexcept;
    /// Wakes all lanes that wait.
    void release_lanes() noexcept;

    /// The bodies that have told how far they are.
    told_bodies bodies;

private:
    static constexpr hook_moments task_moments{
        hook_moment::on_yield,          hook_moment::total_known,    hook_moment::after_expansion,
        hook_moment::on_progress,       hook_moment::on_not_started, hook_moment::on_stream_growth,
        hook_moment::before_submission, hook_moment::before_task,    hook_moment::before_node,
        hook_moment::on_retry,          hook_moment::after_node,     hook_moment::after_task,
        hook_moment::after_return};

    observed_run& run_;
    hook_moments listened_;
    bool exact_time_ = false;
    bool copies_parameters_ = false;
    hook_errors errors_;
    std::vector<std::unique_ptr<observer>> observers_;
    std::vector<observer*> lossless_;
};

}  // namespace frond
