#include "run_state.hpp"

namespace frond {

// Totals are known from the outside in: an expansion's total is known once its parent's is, and every instance of it has
// ended, has said how many children it will have, or will never open.
progress run_state::progress() const {
    frond::progress made;
    made.run_id = id;
    made.started = started;
    made.taken = start_.time != nullptr ? time().now() : time_point();
    made.ended = ended_.load(std::memory_order_acquire);
    made.failures = domain.failures();
    made.failures_total = domain.failures_total();
    made.retries = retries.load(std::memory_order_relaxed);
    made.bodies = news.bodies.read([this](task_context const& of) { return id_of(*of.in, *of.spec); });
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
        std::uint64_t const said = totals[i].expansions.load(std::memory_order_acquire);
        std::uint64_t expected = 1;
        bool known = true;
        if (scope.parent != 0) {
            auto const& parent = made.expansions[scope.parent - 1];
            known = parent.total.has_value();
            expected = parent.total.value_or(0) - skipped_children[scope.parent].load(std::memory_order_relaxed);
        }
        each.children = child_counters[i].read();
        if (made.ended) {
            each.total = each.children.yielded;
        } else if (known && said >= expected) {
            each.total = totals[i].children.load(std::memory_order_relaxed);
        }
        made.expansions.push_back(std::move(each));
    }
    return made;
}

}  // namespace frond
