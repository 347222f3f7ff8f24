#include "event_order.hpp"

#include <algorithm>
#include <utility>

namespace frond::simulation {

event_order::key event_order::key_of(task_id const& id) {
    key made{id.spec};
    auto const indices = id.indices();
    made.insert(made.end(), indices.begin(), indices.end());
    return made;
}

event_order::told_task* event_order::find(task_id const& id) {
    auto const found = tasks_.find(key_of(id));
    return found != tasks_.end() ? &found->second : nullptr;
}

void event_order::check_inside() {
    world_.expect(before_runs_ == 1 && groupings_ == 1, "before_run and after_grouping come first");
    world_.expect(after_runs_ == 0, "after_run comes last");
}

void event_order::before_run(run_event const& told) {
    ++before_runs_;
    world_.expect(before_runs_ == 1 && groupings_ == 0 && tasks_.empty(), "before_run comes first, once");
    run_id_ = told.run_id;
    by_spec_.resize(told.plan->specs.size());
}

void event_order::after_grouping(run_event const& told) {
    ++groupings_;
    world_.expect(before_runs_ == 1 && groupings_ == 1 && tasks_.empty(), "after_grouping comes second, once");
    world_.expect(told.run_id == run_id_, "every event is of its run");
}

void event_order::check_task(task_event const& told) {
    check_inside();
    world_.expect(told.run_id == run_id_, "every event is of its run");
    auto const& spec = told.id.plan->specs[told.id.spec];
    world_.expect(told.purpose == spec.purpose && told.steps.size() == spec.steps.size(), "a task is of its spec");
    auto const indices = told.id.indices();
    world_.expect(told.depth == indices.size(), "a task is as deep as its id is long");
    world_.expect(told.so_far.running + told.so_far.ended() <= told.so_far.yielded,
                  "counters never exceed what exists");
    auto const spawner = told.spawning_task();
    if (indices.empty()) {
        world_.expect(!told.index() && !spawner && !told.total, "the plan spawned what is outside expansions");
        return;
    }
    world_.expect(told.index() == indices.back(), "a child's task has its index");
    told_task* const spawning = spawner ? find(*spawner) : nullptr;
    world_.expect(spawning != nullptr, "a parent's before precedes its children's");
    if (spawning == nullptr) return;
    world_.expect(spawning->yielded > *told.index(), "a child's yield is told before its tasks");
    if (told.total) {
        world_.expect(!spawning->promised || *spawning->promised == *told.total, "a total stays as it is");
        spawning->promised = told.total;
    }
}

void event_order::before_task(task_event const& told) {
    check_task(told);
    world_.expect(told.state == task_state::running, "a task begins running");
    bool const first = tasks_.emplace(key_of(told.id), told_task()).second;
    world_.expect(first, "a task gets at most one before");
}

void event_order::after_task(task_event const& told) {
    check_task(told);
    told_task* const task = find(told.id);
    world_.expect(task != nullptr && task->running, "an after follows its before, once");
    if (task != nullptr) {
        task->running = false;
        task->succeeded = told.state == task_state::succeeded;
    }
    world_.expect((told.state == task_state::failed) == told.failure.has_value(), "a failed task says why");
    if (told.failure) {
        bool const own = std::any_of(told.steps.begin(), told.steps.end(), [&](plan_step const& step) {
            return told.id.plan->graph[step.node].name == told.failure->node();
        });
        world_.expect(own, "a task's failure is that of one of its nodes");
        world_.expect(told.failure->task() == told.id.to_string(), "a task's failure tells its id");
    }
    counters& counts = by_spec_[told.id.spec];
    switch (told.state) {
        case task_state::succeeded: ++counts.succeeded; break;
        case task_state::failed: ++counts.failed; break;
        case task_state::cancelled: ++counts.cancelled; break;
        default: world_.expect(false, "a task that had a before ends succeeded, failed or cancelled"); break;
    }
}

void event_order::on_yield(yield_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && task->running, "an expander yields between its before and its after");
    if (task == nullptr) return;
    world_.expect(task->yielded == told.index, "yields are told in their order, each once");
    ++task->yielded;
}

void event_order::after_expansion(expansion_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && !task->total, "an expansion is over once");
    if (task == nullptr) return;
    world_.expect(task->yielded == told.total, "the total is how many were yielded");
    task->total = told.total;
}

void event_order::after_run(run_event const& told) {
    ++after_runs_;
    dropped_ = told.events_dropped;
    world_.expect(after_runs_ == 1, "after_run is told once");
    world_.expect(told.progress.has_value() && told.run_id == run_id_, "after_run has the last counters");
}

void event_order::check_end(progress const& last) {
    world_.expect(before_runs_ == 1 && groupings_ == 1 && after_runs_ == 1 && dropped_ == 0,
                  "a hook is told everything");
    for (auto const& [id, task] : tasks_) {
        world_.expect(!task.running, "each task that had a before has an after");
        world_.expect(!task.promised || *task.promised == task.yielded, "the total that was spoken of was right");
        bool const expands = last.specs[id.front()].purpose == purpose::expand;
        world_.expect(!expands || !task.succeeded || task.total.has_value(), "the end of every expansion is told");
    }
    for (std::size_t i = 0; i < by_spec_.size(); ++i) {
        counters const& counted = last.specs[i].tasks;
        counters const& told = by_spec_[i];
        world_.expect(
            counted.succeeded == told.succeeded && counted.failed == told.failed && counted.cancelled == told.cancelled,
            "events and counters agree");
    }
}

async<void> slow_event_order::rest() {
    if (world_.random().percent(10)) {
        co_await world_.sleep(std::chrono::milliseconds(world_.random().below(4)));
    } else if (world_.random().percent(20)) {
        co_await world_.yield();
    }
}

async<void> slow_event_order::before_run(run_event const& told) {
    co_await rest();
    order_.before_run(told);
}
async<void> slow_event_order::after_grouping(run_event const& told) {
    order_.after_grouping(told);
    co_await rest();
}
async<void> slow_event_order::on_yield(yield_event const& told) {
    co_await rest();
    order_.on_yield(told);
}
async<void> slow_event_order::after_expansion(expansion_event const& told) {
    order_.after_expansion(told);
    co_await rest();
}
async<void> slow_event_order::before_task(task_event const& told) {
    co_await rest();
    order_.before_task(told);
}
async<void> slow_event_order::after_task(task_event const& told) {
    order_.after_task(told);
    co_await rest();
}
async<void> slow_event_order::after_run(run_event const& told) {
    co_await rest();
    order_.after_run(told);
}

}  // namespace frond::simulation
