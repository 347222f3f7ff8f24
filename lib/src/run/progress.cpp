#include "run_state.hpp"

namespace frond {

// Totals are known from the outside in: an expansion's total is final once its parent's is, and every instance of it has
// either yielded its last child or will never open.
progress run_state::progress() const {
    frond::progress made;
    made.run_id = id;
    made.started = started;
    made.taken = time.now();
    made.ended = ended_.load(std::memory_order_acquire);
    made.failures = domain.failures();
    made.failures_total = domain.failures_total();
    made.specs.reserve(plan->specs.size());
    for (std::size_t i = 0; i < plan->specs.size(); ++i) {
        task_spec const& spec = plan->specs[i];
        made.specs.push_back(spec_progress{spec.name, spec.purpose,
                                           spec.scope == 0 ? std::nullopt : std::optional(spec.scope - 1),
                                           spec_counters[i].read()});
    }
    made.expansions.reserve(plan->scopes.size() - 1);
    for (std::size_t i = 1; i < plan->scopes.size(); ++i) {
        plan_scope const& scope = plan->scopes[i];
        expansion_progress each;
        each.name = plan->graph[*scope.expander_node].name;
        if (scope.parent != 0) each.parent = scope.parent - 1;
        each.depth = scope.depth;
        std::uint64_t const over = sources_over[i].load(std::memory_order_acquire);
        std::uint64_t expected = 1;
        bool known = true;
        if (scope.parent != 0) {
            auto const& parent = made.expansions[scope.parent - 1];
            known = parent.total_known;
            expected = parent.children.yielded - skipped_children[scope.parent].load(std::memory_order_relaxed);
        }
        each.total_known = made.ended || (known && over >= expected);
        each.children = child_counters[i].read();
        made.expansions.push_back(std::move(each));
    }
    return made;
}

void run_handle::cancel() const noexcept {
    if (state_ != nullptr) state_->cancel();
}

progress run_handle::progress() const { return state_ != nullptr ? state_->progress() : frond::progress(); }

result<run_handle> prepare_run(run_request const& request) {
    auto const& plan = *request.plan;
    auto state = std::make_shared<run_state>(request);
    std::vector<bool> given(plan.inputs.size(), false);
    for (run_argument const& argument : request.arguments) {
        if (given[argument.input]) continue;
        state->give(argument);
        given[argument.input] = true;
    }
    std::string missing;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (given[i]) continue;
        auto const& input = plan.inputs[i];
        if (input.body != nullptr && input.body->make_default != nullptr) {
            state->give_default(i);
            continue;
        }
        if (!missing.empty()) missing += '\n';
        missing.append("input \"").append(input.name).append("\" is missing; it is needed by ");
        for (std::size_t k = 0; k < input.needed_by.size(); ++k) {
            missing.append(k == 0 ? "" : ", ").append(plan.graph[input.needed_by[k]].name);
        }
    }
    if (!missing.empty()) return error(errc::invalid_arguments, std::move(missing));
    return run_handle(std::move(state));
}

void begin(run_handle const& run) noexcept { run.state_->begin(); }

}  // namespace frond
