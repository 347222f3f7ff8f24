// The nodes inside the tasks of a run.
#include "trace_members.hpp"
#include "trace_run.hpp"

#include <algorithm>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_kept = 64;  // of a task of which it is not known yet whether it is suspended

}  // namespace

void trace_run::before_node(node_event const& event) {
    open_task* const task = find_open(event.task);
    if (task == nullptr) return;
    trace_time const at = since_zero(event.time);
    bool const elsewhere = &lane_of(event.thread) != task->began_on;
    if (!task->apart && (elsewhere || task->nodes.size() >= most_kept)) set_apart(*task);
    for (node_slice& each : task->nodes) each.ended = each.ended.value_or(at);  // one whose end was dropped
    if (task->apart) write_ended_nodes(*task);
    task->nodes.push_back({event.node, event.attempt, at});
}

void trace_run::after_node(node_event const& event) {
    open_task* const task = find_open(event.task);
    if (task == nullptr || task->nodes.empty()) return;
    node_slice& node = task->nodes.back();
    if (node.node != event.node || node.ended) return;
    node.ended = std::max(since_zero(event.time), node.began);
    node.state = event.state;
    if (!task->apart && &lane_of(event.thread) != task->began_on) {
        set_apart(*task);
    } else if (task->apart) {
        write_ended_nodes(*task);
    }
}

// Inside the task's slice on its track.
void trace_run::write_ended_nodes(open_task& task) {
    for (node_slice const& each : task.nodes) {
        if (!each.ended) continue;
        auto const args = each.members();
        auto const name = json_string(plan_->graph[each.node].name);
        trace_event slice{.phase = trace_phase::async_begin,
                          .name = name.text,
                          .category = names_[task.id.spec].text,
                          .at = std::max(each.began, task.began),
                          .id = task.apart,
                          .args = args.text()};
        process_.write(slice);
        slice.phase = trace_phase::async_end;
        slice.at = std::max(*each.ended, slice.at);
        slice.args = {};
        process_.write(slice);
    }
    std::erase_if(task.nodes, [](node_slice const& each) { return each.ended.has_value(); });
}

// After their task's slice: of those that begin at the same time the outer one has to come first.
void trace_run::write_nodes_on_lane(open_task const& task, trace_time until) {
    for (node_slice const& each : task.nodes) {
        auto const name = json_string(plan_->graph[each.node].name);
        auto const args = each.members();
        trace_time const began = std::clamp(each.began, task.began, until);
        process_.write({.phase = trace_phase::complete,
                        .name = name.text,
                        .category = "\"node\"",
                        .at = began,
                        .lasted = std::clamp(each.ended.value_or(until), began, until) - began,
                        .thread = task.began_on->number,
                        .args = args.text()});
    }
}

json_members trace_run::node_slice::members() const {
    json_members made;
    made.add("attempt", std::uint64_t{attempt}).add("state", state_text(state));
    return made;
}

}  // namespace frond::hooks::detail
