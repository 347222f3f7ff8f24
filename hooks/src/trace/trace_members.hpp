// What slices and instants of a trace say of a task, as JSON.
#pragma once

#include "frond/run/event.hpp"
#include "trace_format.hpp"

namespace frond::hooks::detail {

json_text state_text(task_state state);
json_text error_text(error const& failure);
/// "run 1: total", with all its outputs.
json_text run_name(run_event const& event);
/// "read, parse".
json_text node_names(plan const& of, task_spec const& spec);

/// Which task, and its nodes.
json_members members_of(task_id const& id, json_text const& nodes);
/// Adds how it has ended.
json_members outcome_of(task_event const& event, json_members made = {});
json_members outcome_of(run_event const& event);

}  // namespace frond::hooks::detail
