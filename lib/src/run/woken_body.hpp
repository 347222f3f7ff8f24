// How a thread resumes a body that has been woken: where it may take long, other threads first get what waits here.
#pragma once

#include "frond/base/detail/working_thread.hpp"
#include "run_core.hpp"

namespace frond {

/// Calls `resume`, and learns what that cost. The task must live until this has returned.
template <class Resume>
void resume_woken_body(task_spec const& spec, run_core& run, Resume resume) noexcept {
    body_cost const& cost = spec.woken_cost;
    working_thread* const thread = pump::thread_here();
    if (!cost.may_be_long()) {
        resume();
        if (thread != nullptr && thread->was_relieved()) cost.forget();
        return;
    }
    if (!pump::current()->idle()) pump::current()->hand_over();
    time_point const began = run.time().now();
    resume();
    cost.learn(run.time().now() - began);
}

}  // namespace frond
