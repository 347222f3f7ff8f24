// One execution of a plan, from erased arguments to erased outputs. The typed front end and the Asio operation stand on this.
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
#include <vector>

namespace frond {

class run_state;

/// The value of one of a plan's inputs. `move` constructs the run's own copy from `value`.
struct run_argument {
    std::size_t input;  // in plan::inputs
    void* value;        // moved from; for a reference input a pointer to the pointer
};

/// What a run left: an error, or the addresses of the outputs, in the order of plan::outputs, to move from.
struct run_outcome {
    std::shared_ptr<frond::plan const> plan;
    std::optional<error> failure;
    std::span<void* const> outputs;
    frond::progress progress;  // the last, exact counters, if they were wanted
};

/// Told once, on the run's executor, after every child's end and the hooks' grace. Lives until `released` returns.
class run_completion {
public:
    /// The outputs live until it returns.
    virtual void complete(run_outcome& outcome) noexcept = 0;
    /// After that, when the run's values are destroyed as well: nothing that the run was given is used any more, but by
    /// hooks that have not ended though they were cancelled.
    virtual void released() noexcept {}

protected:
    ~run_completion() = default;
};

/// With what a prepared run is started.
struct run_start {
    executor* on = nullptr;
    clock* time = nullptr;
    std::span<any_hook const> hooks;
    run_completion* completion = nullptr;
    /// Whether run_outcome::progress is wanted: it names every spec, which a small run would feel.
    bool wants_progress = true;
    /// Where to leave what is worth knowing, before `complete`; null: nobody asks.
    run_report* report = nullptr;
    /// Whether to wait for hooks too that the run owns; those that it does not own are waited for in any case.
    bool awaits_all_hooks = true;
    /// What owns the three above; let go with the last handle of the run.
    std::shared_ptr<void> keep;
};

/// A run as seen from outside. May outlive it. Thread: any.
class run_handle {
public:
    run_handle() noexcept = default;
    explicit run_handle(std::shared_ptr<run_state> state) noexcept : state_(std::move(state)) {}

    /// Asks the run to end with `operation_canceled`; it completes when everything has stopped. No effect afterwards.
    void cancel() const noexcept;
    /// How far it is. Errors: throws std::bad_alloc.
    frond::progress progress() const;
    explicit operator bool() const noexcept { return state_ != nullptr; }

private:
    friend void begin(run_handle const& run, run_start start);
    std::shared_ptr<run_state> state_;
};

/// Makes a run that `begin` starts. The arguments are moved into it.
/// Errors: invalid_arguments, which names the inputs that are missing; throws what moving an argument throws.
result<run_handle> prepare_run(std::shared_ptr<plan const> plan, std::span<run_argument const> arguments);

/// Starts a prepared run, once: its first tasks run on its executor, later.
/// Errors: throws std::bad_alloc; then the run has not started.
void begin(run_handle const& run, run_start start);

}  // namespace frond
