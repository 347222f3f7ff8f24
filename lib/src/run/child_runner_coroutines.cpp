// Children that may suspend: then the child is on its own, and the next one follows.
#include "child_runner.hpp"
#include "run_core.hpp"
#include "task_flow.hpp"

#include <utility>

namespace frond {

// Children of any tasks. Gives true if other work of this thread comes before the next child.
bool child_runner::run_any() noexcept {
    while (!batch_.empty() && !stops()) {
        if (of_.stopping()) {
            skip_rest();
            return false;
        }
        if (!spare_.make()) {
            out_of_memory();
            return false;
        }
        instance& child = *spare_;
        child.renew(batch_.index());
        spare_.name(batch_, batch_.position);
        if (!take_parameter()) return false;
        child.holds_open = std::exchange(has_open, false);
        notes.tell();
        of_.run.counts.child_began(of_.scope);
        spare_.leave();
        bool const last = batch_.empty();
        if (of_.run.flow.begin(child, credit)) {
            spare_.take_back(child);
            task_state const state = child.state();
            if (state == task_state::succeeded || (state == task_state::failed && of_.scope.failures_are_values)) {
                deliver(state == task_state::failed);
            }
            has_open = std::exchange(child.holds_open, false);
            of_.child_ended(child);
            child.clear();
            push_full();
        } else {
            --here_;
            // The child's own children, and tasks that have been woken, must run before the next child.
            if (!last && !pump::current()->idle()) return true;
        }
        if (!equipped()) return false;
    }
    return false;
}

// Children of one coroutine, on a short way: instance and task stay here as long as none suspends.
bool child_runner::run_single_coroutines() noexcept {
    plan_step const& step = *of_.scope.single_coroutine;
    task_spec const& spec = spec_at(0);
    while (!batch_.empty() && !chunks.is_full(0) && !stops()) {
        if (of_.stopping()) {
            skip_rest();
            return false;
        }
        if (!spare_.make_with_task()) {
            out_of_memory();
            return false;
        }
        instance& child = *spare_;
        task_run& task = spare_.task();
        child.index = batch_.index();
        spare_.name(batch_, batch_.position);
        if (!take_parameter()) return false;
        if (task.begin_single()) {
            std::optional<error> failure;
            if (task.finish_single(chunks.next_element(0), failure)) {
                chunks.count_element(0, child.index);
                ++succeeded_;
            } else {
                straight_failed(spec, step, std::move(failure));
            }
            child.clear();
            continue;
        }
        // The coroutine is suspended. The task owns itself and the instance from now on.
        child.holds_open = std::exchange(has_open, false);
        of_.run.counts.child_began(of_.scope);
        of_.run.counts.task_began(spec);
        --here_;
        spare_.leave_with_task().leave_single(credit);
        if (batch_.empty()) break;
        if (!pump::current()->idle()) return true;
        if (!equipped()) break;  // only a child that suspends takes slots with it
    }
    push_full();
    return false;
}

}  // namespace frond
