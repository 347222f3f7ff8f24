#include "trace_members.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace frond::hooks::detail {

json_text state_text(task_state state) { return json_string(to_string(state)); }

json_text error_text(error const& failure) {
    return json_string(failure.message().empty() ? failure.code().message() : std::string(failure.raw_message()));
}

json_text run_name(run_event const& event) {
    std::string name = fmt::format("run {}", event.run_id);
    char const* before = ": ";
    for (auto const& output : event.plan->outputs) name += std::exchange(before, ", ") + output.name;
    return json_string(name);
}

json_text node_names(plan const& of, task_spec const& spec) {
    std::string names;
    for (plan_step const& step : spec.steps) names += (names.empty() ? "" : ", ") + of.graph[step.node].name;
    return json_string(names);
}

json_members members_of(task_id const& id, json_text const& nodes) {
    json_members made;
    made.add("task", json_string(id.to_string())).add("nodes", nodes);
    if (id.index) made.add("index", *id.index);
    if (id.key != nullptr) made.add("key", json_string(id.key.raw()));
    return made;
}

json_members outcome_of(task_event const& event, json_members made) {
    made.add("state", state_text(event.state));
    if (event.failure) made.add("error", error_text(*event.failure));
    return made;
}

json_members outcome_of(run_event const& event) {
    json_members made;
    if (!event.failure) return made.add("state", state_text(task_state::succeeded));
    made.add("state", state_text(event.failure->is_canceled() ? task_state::cancelled : task_state::failed))
        .add("error", error_text(*event.failure))
        .add("failed task", json_string(event.failure->task()));
    return made;
}

}  // namespace frond::hooks::detail
