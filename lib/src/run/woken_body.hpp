// How a thread goes on with a body that has been woken: where it may take long, other threads first get what waits
// here.
#pragma once

#include "frond/base/detail/working_thread.hpp"
#include "run_core.hpp"

namespace frond {

/// `go_on` may end the task, its instance and its run.
template <class GoOn>
void go_on_with_woken(task_spec const& spec, run_core& run, GoOn go_on) noexcept {
    body_cost const& cost = spec.woken_cost;
    working_thread* const thread = pump::thread_here();
    if (!cost.may_be_long()) {
        auto const keep_cost = run.plan;  // the run may be gone when the body has come back
        go_on();
        if (thread != nullptr && thread->was_relieved()) cost.forget();
        return;
    }
    auto const keep = run.shared_from_this();  // the cost is its plan's
    if (!pump::current()->idle()) pump::current()->hand_over();
    time_point const began = keep->time().now();
    go_on();
    cost.learn(keep->time().now() - began);
}

}  // namespace frond
