// What all tasks of one run share: its plan, executor, clock, counters, limits, news for hooks, and the way it ends.
#pragma once

#include "counts.hpp"
#include "event_record.hpp"
#include "failure_domain.hpp"
#include "first_bodies.hpp"
#include "frond/run/run.hpp"
#include "instance.hpp"
#include "limits.hpp"
#include "news.hpp"
#include "observed_run.hpp"
#include "stream_growth.hpp"
#include "task_context.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace frond {

/// Thread: any, after `begin`.
class run_state final : public std::enable_shared_from_this<run_state>, public observed_run {
public:
    explicit run_state(std::shared_ptr<frond::plan const> what);
    ~run_state();

    /// Moves an argument in. Errors: throws what moving it throws.
    void give(run_argument const& argument);
    void give_default(std::size_t input);
    /// Errors: throws std::bad_alloc; then it has not begun.
    void begin(run_start start);
    void cancel() noexcept;
    frond::progress progress() const final;

    /// Every task of the run itself has ended: ends the run. Called once.
    void tasks_ended() noexcept;

    // ---- for tasks
    /// True if the run has held this thread long enough and should give its executor back.
    bool over_budget(time_point now) noexcept;
    std::uint32_t index_of(task_spec const& spec) const noexcept {
        return static_cast<std::uint32_t>(&spec - plan->specs.data());
    }
    task_id id_of(instance const& in, task_spec const& spec) const;
    /// Reserves one more thread to take part; pair with give_helper. False if all that there may be do already.
    bool take_helper() noexcept;
    void give_helper() noexcept { helpers_.fetch_add(1, std::memory_order_relaxed); }
    /// No other thread took what was handed over: perhaps there is none. After some of these no more is tried.
    void helper_was_in_vain() noexcept;
    /// A lane that waited for a free thread has come, on another one than the lane that invited it, or on the same.
    void saw_threads(bool other) noexcept;
    /// True if the executor, which does not tell how many threads it has, seems to have only one.
    bool alone() const noexcept { return alone_.load(std::memory_order_relaxed); }
    /// How many lanes an expansion may have.
    unsigned width() const noexcept { return width_; }

    // ---- interceptors
    std::span<any_hook const> node_interceptors() const noexcept { return around_nodes_; }
    std::span<any_hook const> task_interceptors() const noexcept { return around_tasks_; }
    /// True if the children of a scope run straight through: no task of theirs waits, and never are there two of a child that
    /// several threads could run at once.
    bool straight(plan_scope const& scope) const noexcept {
        return scope.straight && !wraps_ && (single_threaded || !scope.overlaps);
    }
    bool wraps() const noexcept { return wraps_; }

    // ---- telling hooks: see `news`, to which the places of tasks and expansions come as values
    task_event event_of(instance const& in, task_spec const& spec) const;
    bool tells(hook_moment moment) const noexcept { return news.tells(moment); }
    bool tells_tasks() const noexcept { return news.tells_tasks(); }
    bool exact_time() const noexcept { return news.exact_time(); }
    bool copies_parameters() const noexcept { return news.copies_parameters(); }
    void tell(event_batch&& batch) noexcept { news.tell(std::move(batch)); }
    void tell_expansion(expansion const& of, event_record record, error const* failure = nullptr) noexcept;
    /// A stream to `reader` may hold so much from now on.
    void stream_grown(expansion const& of, task_spec const& reader, std::uint64_t chunks, std::uint64_t bytes) noexcept;
    /// One record about a task of an instance.
    void tell_task(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                   error const* failure = nullptr) noexcept;
    /// The same with more to it; spec, index, total and time are filled in.
    void tell_task(instance const& in, task_spec const& spec, event_record record, event_detail detail) noexcept;
    /// A body that has told how far it is has ended. Requires: of.told.
    void forget(task_context& of) noexcept { news.bodies.forget(of); }
    bool has_lossless_hooks() const noexcept { return news.has_lossless_hooks(); }
    bool admits(wakeable& lane) noexcept { return news.admits(lane); }
    void release_lanes() noexcept { news.release_lanes(); }

    // ---- what observers see, and tasks too
    executor& on() const noexcept final { return *start_.on; }
    clock& time() const noexcept final { return *start_.time; }
    std::shared_ptr<void> keep() noexcept final { return shared_from_this(); }
    counters counted(std::uint32_t spec) const noexcept final { return counts.of_spec(spec); }
    bool cancelled() const noexcept final { return domain.cancelled(); }
    void observer_ended(bool awaited) noexcept final;

    bool single_threaded = false;
    time_point started{};
    frond::counts counts;
    frond::limits limits;
    frond::first_bodies first_bodies;
    stream_growth growth;
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

    void run_tasks() noexcept;
    void tell_end() noexcept;
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
    std::vector<any_hook> around_nodes_;
    std::vector<any_hook> around_tasks_;
    bool wraps_ = false;
    std::atomic<std::size_t> observers_left_{0};  // and one for the tasks
    std::atomic<std::size_t> awaited_left_{0};    // of these, for whom the run waits
    root_work begin_;
    root_work complete_;
    grace_alarm grace_over_;
    std::atomic<bool> ended_{false};       // no task is left; the counters are final
    std::atomic<bool> completing_{false};  // the completion is on its way, once
    bool interrupted_ = false;             // the hooks were, once; by the alarm alone
    time_point ended_at_{};                // the last task did

public:
    frond::news news{*this};  // goes first: hooks that the run owns may use what `start_` keeps
};

}  // namespace frond
