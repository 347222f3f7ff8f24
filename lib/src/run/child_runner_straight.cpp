// Children that run straight through: no task of theirs waits, so that one instance serves them all, one after the
// other.
#include "child_runner.hpp"
#include "run_core.hpp"

#include <utility>

namespace frond {

void child_runner::run_straight() noexcept {
    if (!spare_.make()) return out_of_memory();
    auto* const destroy_parameter = batch_.type.destroy;
    current_context const here(&spare_.context);
    while (!batch_.empty() && !stops()) {
        if (of_.stopping()) {
            skip_rest();
            return;
        }
        std::byte* const parameter = batch_.parameter(batch_.position);
        spare_->index = batch_.index();
        spare_.name(batch_, batch_.position);
        ++batch_.position;
        spare_->bases[plan_scope::parameter_base] = parameter;
        straight_child();
        spare_.forget_progress();
        if (destroy_parameter != nullptr) destroy_parameter(parameter);
        push_full();
        if (!equipped()) return;
    }
}

void child_runner::straight_child() noexcept {
    instance& child = *spare_;
    plan_scope const& scope = of_.scope;
    bool const destroys = !scope.to_destroy.empty();
    bool const told = of_.run.news.tells_tasks();
    bool const nodes = of_.run.news.tells(hook_moment::after_node);
    bool direct = false;
    step_call call;
    call.args.bases = child.bases;
    for (std::size_t i = 0; i < scope.specs.size(); ++i) {
        task_spec const& spec = spec_at(i);
        spare_.context.spec = &spec;
        if (told) {
            notes.begin(child, spec);
            if (batch_.count == 1) notes.tell();  // the child may take long: hooks see it begin
        }
        for (plan_step const& step : spec.steps) {
            if (told) notes.note(child, spec, hook_moment::before_node, task_state::running, nullptr, &step);
            call.args.places = step.arguments.data();
            call.self = step.self;
            call.state = child.block + step.state_offset;
            call.out = child.block + step.value.offset;
            if (step.direct_sink >= 0) {
                direct = true;
                call.out = chunks.next_element(0);
            }
            if (step.body->start(call) != step_status::done) {
                spare_.forget_progress();
                straight_failed(spec, step, std::move(call.failure));
                return;
            }
            if (destroys && step.direct_sink < 0) child.made(step.value_index);
            if (nodes) {
                notes.stamp();
                notes.note(child, spec, hook_moment::after_node, task_state::succeeded, nullptr, &step);
            }
        }
        if (told) notes.end(child, spec, task_state::succeeded);
    }
    if (direct) {
        chunks.count_element(0, child.index);
        ++succeeded_;
    } else if (deliver(false)) {
        ++succeeded_;
    } else {
        of_.run.counts.straight_undelivered(of_.scope);
        child.renew(child.index);
    }
    if (destroys) child.clear();
}

void child_runner::straight_failed(task_spec const& spec, plan_step const& step,
                                   std::optional<error> failure) noexcept {
    instance& child = *spare_;
    error const failed = child.fail(failure ? std::move(*failure) : error(errc::node_failed), &spec, &step);
    of_.run.counts.straight_failed(of_.scope, spec);
    if (of_.run.news.tells_tasks()) {
        notes.stamp();
        notes.note(child, spec, hook_moment::after_node, task_state::failed, &failed, &step);
        notes.end(child, spec, task_state::failed, &failed);
    }
    if (of_.scope.failures_are_values) deliver(true);
    child.clear();
    child.renew(child.index);
}

}  // namespace frond
