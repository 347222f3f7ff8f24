// One execution of a plan, from erased arguments to erased outputs.
// The typed and the named plans, and the Asio operation, are built on this.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/progress.hpp"
#include "frond/run/run_report.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace frond {

class run_state;

/// The value of one of a plan's inputs. The run constructs its own value from it by value_type::move.
struct run_argument {
    std::size_t input;  // in plan::inputs
    void* value;        // to move from; of a reference input the address of the pointer; null: see prepare_run
};

/// The end of a run: an error, or the addresses of the outputs, in the order of plan::outputs, to move from.
struct run_outcome {
    std::shared_ptr<frond::plan const> plan;
    std::optional<error> failure;
    std::span<void* const> outputs;
    frond::progress progress;  // the last, exact counters, if run_start::wants_progress
};

/// Called once, on the run's executor, when every task has ended and the hooks' grace is over.
/// Must live until `released` returns.
class run_completion {
public:
    /// The outputs live until this returns.
    virtual void complete(run_outcome& outcome) noexcept = 0;
    /// Follows `complete`, when the run's values are destroyed as well. Nothing that the run was given is used any
    /// more, but by hooks that have not ended though they were cancelled.
    virtual void released() noexcept {}

protected:
    ~run_completion() = default;
};

/// The things with which a prepared run is started.
struct run_start {
    executor* on = nullptr;
    clock* time = nullptr;
    std::span<any_hook const> hooks;
    run_completion* completion = nullptr;
    /// Whether run_outcome::progress is wanted. It names every spec, which costs a small run noticeable time.
    bool wants_progress = true;
    /// Filled in before `complete`; null: no report is wanted.
    run_report* report = nullptr;
    /// Whether to wait for hooks that the run owns, too. The run waits for hooks that it does not own in any case.
    bool awaits_all_hooks = true;
    /// Keeps the executor and the clock alive, and whatever else must last; let go with the last handle of the run.
    std::shared_ptr<void> keep;
};

/// A run as seen from outside. May outlive the run. Thread: any.
class run_handle {
public:
    run_handle() noexcept = default;
    explicit run_handle(std::shared_ptr<run_state> state) noexcept : state_(std::move(state)) {}

    /// Asks the run to end with `operation_canceled`; it completes when everything has stopped. No effect afterwards.
    void cancel() const noexcept;
    /// How far the run is. Errors: throws std::bad_alloc.
    frond::progress progress() const;
    explicit operator bool() const noexcept { return state_ != nullptr; }

private:
    friend void begin(run_handle const& run, run_start start);
    friend void abandon(run_handle const& run) noexcept;
    friend class weak_run_handle;
    std::shared_ptr<run_state> state_;
};

/// A run as seen from something that does not keep it, such as a cancellation signal. Thread: any.
class weak_run_handle {
public:
    explicit weak_run_handle(run_handle const& of) noexcept : state_(of.state_) {}
    /// As run_handle::cancel; no effect if nothing keeps the run any more.
    void cancel() const noexcept { run_handle(state_.lock()).cancel(); }

private:
    std::weak_ptr<run_state> state_;
};

/// Makes a run that `begin` starts. The arguments are moved into it, unless there is an error: then all stay where they are.
/// `faults` are those that the caller has found: they are told together with the others. An argument whose value is null
/// is one of them: its input counts as given.
/// Errors: invalid_arguments, whose message lists every fault, one a line: inputs that are missing, or given more than
/// once; throws what moving an argument throws.
result<run_handle> prepare_run(std::shared_ptr<plan const> plan, std::span<run_argument const> arguments,
                               std::vector<std::string> faults = {});

/// Starts a prepared run, once: its first tasks run on its executor, later.
/// Errors: throws std::bad_alloc; then the run has not started. Throws bad_result (invalid_arguments) for a run that has been begun
/// before.
void begin(run_handle const& run, run_start start);

/// The run's executor is gone. The run ends without resuming a coroutine, without telling a hook and without filling the report;
/// all frames, values and hooks that it owns are destroyed. Its completion is called, perhaps inside this.
void abandon(run_handle const& run) noexcept;

}  // namespace frond
