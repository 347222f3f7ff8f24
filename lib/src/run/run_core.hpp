// What all tasks of one run share: its plan, executor and clock, its counters, limits and threads, its failures, and
// its news for hooks.
//
// Knows no task and no expansion; how a run begins and ends is `run_state`'s.
#pragma once

#include "counts.hpp"
#include "event_record.hpp"
#include "failure_domain.hpp"
#include "first_bodies.hpp"
#include "frond/base/detail/result_channel.hpp"
#include "limits.hpp"
#include "news.hpp"
#include "observed_run.hpp"
#include "run_threads.hpp"
#include "stream_growth.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace frond {

class task_flow;

/// Thread: any, once the run has begun.
class run_core : public std::enable_shared_from_this<run_core>, public observed_run, public thread_budget {
public:
    /// True if the run has held this thread long enough: then all that waits in its pump has been posted to the
    /// executor, and the caller is to follow.
    bool gives_back(time_point now) const noexcept;
    /// As gives_back, for a caller whose own work is done. Must be called once for each task that has gone on apart
    /// from a lane; looks at the clock as often as the pump's pace says.
    void give_back_what_waits() const noexcept;
    clock_look look() const noexcept final { return look(time().now()); }
    duration budget() const noexcept final { return plan->options.budget; }
    std::uint32_t index_of(task_spec const& spec) const noexcept {
        return static_cast<std::uint32_t>(&spec - plan->specs.data());
    }
    /// True if the children of a scope run straight through: no task of theirs waits, and never are there two of a
    /// child that several threads could run at once.
    bool straight(plan_scope const& scope) const noexcept {
        return scope.straight && !wraps() && (threads.single() || !scope.overlaps);
    }
    /// Every task of the run itself has ended. Called once; the run may complete inside.
    virtual void tasks_ended() noexcept = 0;

    // ---- interceptors
    std::span<any_hook const> node_interceptors() const noexcept { return around_nodes_; }
    std::span<any_hook const> task_interceptors() const noexcept { return around_tasks_; }
    bool wraps() const noexcept { return wraps_; }

    // ---- observed_run
    executor& on() const noexcept final { return *on_; }
    clock& time() const noexcept final { return *time_; }
    std::shared_ptr<void> keep() noexcept final { return shared_from_this(); }
    counters counted(std::uint32_t spec) const noexcept final { return counts.of_spec(spec); }
    bool cancelled() const noexcept final { return domain.cancelled(); }

    /// Starts tasks and takes their ends: the starter.
    task_flow const& flow;
    run_threads threads;
    frond::counts counts;
    frond::limits limits;
    frond::first_bodies first_bodies;
    stream_growth growth;
    waiting_room room;
    failure_domain domain{nullptr};

protected:
    /// `flow` outlives it. Errors: throws std::bad_alloc.
    run_core(std::shared_ptr<frond::plan const> what, std::uint64_t number, task_flow const& of);
    ~run_core() = default;

    /// Before anything of the run runs. `keep` owns executor, clock and hooks. Errors: throws std::bad_alloc.
    void set_up(executor& on, clock& time, std::span<any_hook const> hooks, bool awaits_all_hooks,
                std::shared_ptr<void> keep);

private:
    static clock_look look(time_point now) noexcept;

    std::shared_ptr<void> keep_;
    executor* on_ = nullptr;
    clock* time_ = nullptr;
    std::vector<any_hook> around_nodes_;
    std::vector<any_hook> around_tasks_;
    bool wraps_ = false;

public:
    frond::news news{*this};  // destroyed first: hooks that the run owns may use objects that `keep_` owns
};

}  // namespace frond
