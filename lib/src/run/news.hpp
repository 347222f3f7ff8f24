// All observers of a run: which moments they listen to, and how what happens reaches their queues. Knows what a run shows
// of itself, and neither its tasks nor its expansions: their places come in as values.
//
// Invariants: what is listened to and the list of observers do not change once the run has begun.
// Thread: `add` before the run begins, all else from any thread after that.
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

/// Which task: one of the run itself, or one of a child of an expansion.
struct task_place {
    std::uint32_t spec = 0;
    bool inside = false;                          // it is of a child; what follows says which
    std::shared_ptr<child_path const> enclosing;  // the child around the child's expansion; null: the run
    std::uint64_t index = 0;
    child_key key;
    std::uint64_t total = event_record::unknown;  // of its siblings and itself
};

class news {
public:
    explicit news(observed_run& run) noexcept : run_(run) {}

    // ---- the run's life
    /// Adds an observer. `awaited`: the run does not complete before it has ended. Errors: throws std::bad_alloc.
    void add(any_hook const& hook, bool awaited);
    /// Starts all observers. Called once; the run may complete once all have ended.
    void start() noexcept;
    /// Nothing more is told.
    void close() noexcept;
    /// The grace is over: see `observer::cancel`.
    void cancel() noexcept;
    std::size_t observers() const noexcept { return observers_.size(); }
    /// For how many observers the run waits.
    std::size_t awaited() const noexcept;
    /// The hooks' part of the report. Errors: throws std::bad_alloc.
    void fill(run_report& report) const;

    // ---- what is listened to
    bool tells(hook_moment moment) const noexcept { return listened_.has(moment); }
    /// True if a hook listens to tasks, children or expansions.
    bool tells_tasks() const noexcept { return listened_.has_any(task_moments); }
    /// True if a hook wants each task's own times.
    bool exact_time() const noexcept { return exact_time_; }
    /// True if a hook wants copies of the parameters that are yielded.
    bool copies_parameters() const noexcept { return copies_parameters_; }

    // ---- telling hooks. Where memory is out, events are lost; the counters still tell the truth.
    void tell(event_batch&& batch) noexcept;
    /// One record about a task; its spec, index, total and time are filled in.
    void tell_task(task_place of, event_record record, event_detail detail) noexcept;
    /// One record about an expander's children; its spec and time are filled in. `path`: the child that the expander is a
    /// part of; null: the run.
    void tell_expansion(std::shared_ptr<child_path const> const& path, std::uint32_t spec, event_record record,
                        error const* failure) noexcept;
    /// One of the run's own moments; `failure`: after_run of a run that has failed.
    void tell_run(hook_moment moment, std::optional<error> failure = std::nullopt) noexcept;

    // ---- lanes that lossless hooks hold back
    bool has_lossless_hooks() const noexcept { return !lossless_.empty(); }
    /// True: new children may start. False: `lane` is woken when they may, and must ask again.
    bool admits(wakeable& lane) noexcept;
    /// Lets all lanes go on that wait.
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
