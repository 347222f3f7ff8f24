// The attempts at one node that interceptors wrap, or that is tried again: one coroutine around them and the pauses in between.
#pragma once

#include "frond/base/async.hpp"
#include "frond/graph/node.hpp"
#include "frond/plan/plan.hpp"
#include "instance.hpp"
#include "run_core.hpp"
#include "task_context.hpp"

namespace frond {

class wrapped_expander;

/// Whether the node of a step is one of these.
inline bool is_wrapped(instance const& in, plan_step const& step) noexcept {
    return step.attempts > 1 || !in.run.node_interceptors().empty();
}

/// Gives true once an attempt has succeeded: then the value of the node is made. Else `step_call::failure` says why not. Hooks are
/// told of the beginning and the end of each attempt, and of each failure that another attempt follows.
///
/// `expander`: the node is this one, which is inside its interceptors from its first child to its last, and makes no value. Another
/// attempt follows only before the first child. Its task tells the beginning and the end.
///
/// `around`: the context of the node's task. It, the call, the step and the expander outlive the coroutine.
/// Errors: throws std::bad_alloc.
async<bool> attempt_node(step_call& call, plan_step const& step, task_context& around, wrapped_expander* expander);

}  // namespace frond
