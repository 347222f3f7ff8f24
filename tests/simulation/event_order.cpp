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
    world_.expect(spawning->keys.size() > *told.index(), "a child's yield is told before its tasks");
    if (spawning->keys.size() > *told.index()) {
        world_.expect(spawning->keys[*told.index()] == told.id.key, "a child keeps its key");
    }
    world_.expect(spawning->not_started.count(*told.index()) == 0, "what does not start has no tasks");
    // It was read before the expansion ended, or after.
    world_.expect(!told.total || told.total == spawning->promised || told.total == spawning->total,
                  "a total is the one that was told");
}

void event_order::before_submission(task_event const& told) {
    check_task(told);
    bool const first = tasks_.emplace(key_of(told.id), told_task()).second;
    world_.expect(first, "a task is handed over once");
}

void event_order::before_task(task_event const& told) {
    check_task(told);
    world_.expect(told.state == task_state::running, "a task begins running");
    told_task* const task = find(told.id);
    world_.expect(task != nullptr && !task->begun, "a task gets at most one before, after it has been handed over");
    if (task == nullptr) return;
    task->begun = task->running = true;
    task->latest = told.time;
}

void event_order::check_node(node_event const& told, bool first) {
    check_inside();
    told_task* const task = find(told.task);
    world_.expect(task != nullptr && task->running, "a node is a part of a task that runs");
    if (task == nullptr) return;
    auto const& steps = told.task.of().steps;
    auto& count = first ? task->nodes_begun : task->nodes_ended;
    world_.expect(count < steps.size() && steps[count].node == told.node, "the nodes of a task come in their order");
    world_.expect(told.time >= task->latest, "a task's times never go back");
    task->latest = told.time;
    ++count;
    world_.expect(task->nodes_begun - task->nodes_ended == (first ? 1 : 0), "the nodes of a task come one at a time");
}

void event_order::before_node(node_event const& told) { check_node(told, true); }

void event_order::after_node(node_event const& told) {
    check_node(told, false);
    world_.expect((told.state == task_state::failed) == told.failure.has_value(), "a failed node says why");
}

void event_order::after_task(task_event const& told) {
    check_task(told);
    told_task* const task = find(told.id);
    world_.expect(task != nullptr && task->running, "an after follows its before, once");
    if (task != nullptr) {
        world_.expect(told.time >= task->latest, "a task's times never go back");
        task->running = false;
        task->ended = told.state;
        bool const all = told.state != task_state::succeeded || told.purpose == purpose::expand ||
                         task->nodes_ended == told.steps.size();
        world_.expect(all && task->nodes_begun == task->nodes_ended, "a task's nodes end before it does");
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

void event_order::after_return(task_event const& told) {
    told_task* const task = find(told.id);
    world_.expect(task != nullptr && task->begun && !task->running && !task->returned,
                  "a task returns once it has ended");
    if (task == nullptr) return;
    task->returned = true;
    world_.expect(task->ended == told.state, "a task returns as what it has ended as");
}

void event_order::on_yield(yield_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && task->running, "an expander yields between its before and its after");
    if (task == nullptr) return;
    world_.expect(task->keys.size() == told.index, "yields are told in their order, each once");
    world_.expect(told.key == nullptr || told.key.raw() == std::to_string(told.index), "a key is of its own child");
    task->keys.push_back(told.key);
}

void event_order::total_known(expansion_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && task->running && !task->promised, "a total is promised once, by one that yields");
    if (task != nullptr) task->promised = told.total;
}

void event_order::after_expansion(expansion_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && task->running && !task->total, "an expansion is over once");
    if (task == nullptr) return;
    world_.expect(task->keys.size() == told.total, "the total is how many were yielded");
    world_.expect(!task->promised || told.state != task_state::succeeded || told.total <= *task->promised,
                  "no more is yielded than was promised");
    task->total = told.total;
}

void event_order::on_not_started(not_started_event const& told) {
    check_inside();
    told_task* const task = find(told.expander);
    world_.expect(task != nullptr && told.count != 0 && told.first + told.count <= task->keys.size(),
                  "what does not start was yielded");
    if (task == nullptr) return;
    for (std::uint64_t i = told.first; i < told.first + told.count; ++i) {
        world_.expect(task->not_started.insert(i).second, "a child does not start once");
    }
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
        world_.expect(!task.running && task.begun && task.returned, "each task that had a before has an after");
        bool const expands = last.specs[id.front()].purpose == purpose::expand;
        world_.expect(expands == task.total.has_value(), "the end of every expansion is told");
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
async<void> slow_event_order::before_node(node_event const& told) {
    co_await rest();
    order_.before_node(told);
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
