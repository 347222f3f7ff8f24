// What all tasks of one run share: its plan, executor, clock, counters, limits, hooks and the way it ends.
#pragma once

#include "event_record.hpp"
#include "failure_domain.hpp"
#include "first_bodies.hpp"
#include "frond/run/run.hpp"
#include "instance.hpp"
#include "observer.hpp"
#include "slot_limiter.hpp"
#include "task_context.hpp"
#include "task_counters.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace frond {

/// What is known of the totals of one expander's expansions. Counts only: nothing else depends on their values.
struct known_totals {
    std::atomic<std::uint64_t> expansions{0};  // whose total is known, since they have ended, said so, or never opened
    std::atomic<std::uint64_t> children{0};    // of these, all in all
};

/// Thread: any, after `begin`.
class run_state : public std::enable_shared_from_this<run_state> {
public:
    explicit run_state(std::shared_ptr<frond::plan const> what);
    ~run_state();

    /// Moves an argument in. Errors: throws what moving it throws.
    void give(run_argument const& argument);
    void give_default(std::size_t input);
    /// Errors: throws std::bad_alloc; then it has not begun.
    void begin(run_start start);
    void cancel() noexcept;
    frond::progress progress() const;

    /// Every task of the run itself has ended: ends the run. Called once.
    void tasks_ended() noexcept;

    // ---- for tasks
    /// True if the run has held this thread long enough and should give its executor back.
    bool over_budget(time_point now) noexcept;
    task_counters& counters_of(task_spec const& spec) noexcept { return spec_counters[index_of(spec)]; }
    std::uint32_t index_of(task_spec const& spec) const noexcept {
        return static_cast<std::uint32_t>(&spec - plan->specs.data());
    }
    task_id id_of(instance const& in, task_spec const& spec) const;
    /// True if one more thread may take part: the caller hands it something, and it gives the credit back.
    bool take_helper() noexcept;
    void give_helper() noexcept { helpers_.fetch_add(1, std::memory_order_relaxed); }
    /// No other thread took what was handed over: perhaps there is none. After some of these no more is tried.
    void helper_was_in_vain() noexcept;
    /// A lane that waited for a free thread has come, on another one than the lane that invited it, or on the same.
    void saw_threads(bool other) noexcept;
    /// True if the executor, which does not tell how many threads it has, seems to have only one.
    bool alone() const noexcept { return alone_.load(std::memory_order_relaxed); }
    /// How many threads may take part.
    unsigned width() const noexcept { return width_; }

    // ---- interceptors
    std::span<any_hook const> node_interceptors() const noexcept { return around_nodes_; }
    std::span<any_hook const> task_interceptors() const noexcept { return around_tasks_; }
    /// True if the children of a scope run straight through.
    bool straight(plan_scope const& scope) const noexcept { return scope.straight && !wraps_; }
    /// True if they do whatever they cost: there are never two tasks of a child that other threads could run.
    bool always_straight(plan_scope const& scope) const noexcept {
        return straight(scope) && (single_threaded || !scope.overlaps);
    }
    bool wraps() const noexcept { return wraps_; }

    // ---- bodies that tell of themselves
    void body_progress(task_context& of, double done, double whole) noexcept;
    /// The body has ended.
    void forget(task_context& of) noexcept;

    // ---- telling hooks
    task_event event_of(instance const& in, task_spec const& spec) const;
    bool tells(hook_moment moment) const noexcept { return listened_.has(moment); }
    /// True if a hook listens to tasks, children or expansions.
    bool tells_tasks() const noexcept { return listened_.has_any(task_moments); }
    void tell(event_batch&& batch) noexcept;
    /// One record about an expander's children.
    void tell_expansion(expansion const& of, event_record record, error const* failure = nullptr) noexcept;
    void hook_failed(error failure) noexcept;
    /// An observer has told all that it had to.
    void observer_ended(bool awaited) noexcept;
    /// True: new children may start. False: `waiting` is woken when they may. Before that it gives up what it holds.
    bool admits(wakeable& waiting) noexcept;
    bool has_lossless_hooks() const noexcept { return !lossless_.empty(); }
    /// Nobody waits for a hook any more: nothing new is to start.
    void release_lanes() noexcept;
    /// One record about a task of an instance.
    void tell_task(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                   error const* failure = nullptr) noexcept;
    /// The same with more to it; spec, index, total and time are filled in.
    void tell_task(instance const& in, task_spec const& spec, event_record record, event_detail detail) noexcept;

    executor& on() const noexcept { return *start_.on; }
    clock& time() const noexcept { return *start_.time; }

    std::shared_ptr<frond::plan const> const plan;
    bool single_threaded = false;
    bool exact_time = false;         // a hook wants each task's own times
    bool copies_parameters = false;  // a hook wants those that are yielded
    std::uint64_t const id;
    time_point started{};
    std::vector<task_counters> spec_counters;                  // by spec
    std::vector<task_counters> child_counters;                 // by scope; [0] is not used
    std::vector<known_totals> totals;                          // by scope
    std::vector<std::atomic<std::uint64_t>> skipped_children;  // by scope: yielded, never started
    std::vector<std::unique_ptr<slot_limiter>> open_limiters;  // by scope; null: the run's limit, per expansion
    std::atomic<std::uint64_t> retries{0};
    frond::first_bodies first_bodies;
    slot_limiter slots;
    waiting_room room;
    failure_domain domain{nullptr};

private:
    struct root_work : wakeable {
        root_work(run_state& state, function act) noexcept : wakeable(act), of(state) {}
        run_state& of;
    };
    struct grace_alarm : alarm {
        explicit grace_alarm(run_state& state) noexcept
            : alarm([](work& self) noexcept {
                  auto const alive = std::exchange(static_cast<grace_alarm&>(self).keep, nullptr);
                  alive->end_grace();
              }),
              of(state) {}
        run_state& of;
        std::shared_ptr<run_state> keep;  // while it is set
    };
    static constexpr hook_moments task_moments{
        hook_moment::on_yield,    hook_moment::total_known,    hook_moment::after_expansion,
        hook_moment::on_progress, hook_moment::on_not_started, hook_moment::before_submission,
        hook_moment::before_task, hook_moment::before_node,    hook_moment::on_retry,
        hook_moment::after_node,  hook_moment::after_task,     hook_moment::after_return};

    void run_tasks() noexcept;
    void tell_run(hook_moment moment) noexcept;
    void end_grace() noexcept;
    void finish() noexcept;
    void complete() noexcept;
    void fill(run_report& report) const;

    std::shared_ptr<run_state> self_;  // while it runs
    instance* root_ = nullptr;
    run_start start_;
    std::atomic<int> helpers_{0};  // how many more threads may take part; only a count
    std::atomic<int> vain_helpers_{0};
    unsigned width_ = 1;
    bool width_known_ = true;
    std::atomic<int> same_thread_{0};  // lanes in a row that came on the thread that had invited them; only a count
    std::atomic<bool> alone_{false};   // only a hint
    hook_moments listened_;
    std::vector<any_hook> around_nodes_;
    std::vector<any_hook> around_tasks_;
    bool wraps_ = false;
    struct told_body {
        task_context* of;
        double done;
        double whole;
    };
    mutable std::mutex bodies_mutex_;  // guards the one below; who is in it lives
    std::vector<told_body> bodies_;
    std::vector<std::shared_ptr<observer>> observers_;
    std::vector<observer*> lossless_;
    std::atomic<std::size_t> observers_left_{0};  // and one for the tasks
    std::atomic<std::size_t> awaited_left_{0};    // of these, for whom the run waits
    root_work begin_;
    root_work complete_;
    grace_alarm grace_over_;
    std::atomic<bool> ended_{false};        // no task is left; the counters are final
    std::atomic<bool> completing_{false};   // the completion is on its way, once
    bool interrupted_ = false;              // the hooks were, once; by the alarm alone
    time_point ended_at_{};                 // the last task did
    mutable std::mutex hook_errors_mutex_;  // guards the two below
    std::vector<error> hook_errors_;
    std::uint64_t hook_errors_total_ = 0;
};

}  // namespace frond
