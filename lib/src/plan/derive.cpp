// What a run would otherwise work out for every child: which scopes never suspend, where their tasks begin, which values
// are made right in a collector's chunk.
#include "find_waits.hpp"
#include "frond/plan/plan.hpp"

#include <algorithm>

namespace frond::detail {

namespace {

bool same(place a, place b) { return a.base == b.base && a.offset == b.offset; }

bool is_straight(plan const& made, plan_scope const& scope) {
    return std::all_of(scope.specs.begin(), scope.specs.end(), [&](std::uint32_t id) {
        auto const& spec = made.specs[id];
        return !spec.opens && spec.purpose == purpose::execute_block &&
               std::all_of(spec.steps.begin(), spec.steps.end(), [](plan_step const& step) {
                   return !step.body->coroutine && step.on == nullptr && step.attempts == 1;
               });
    });
}

// Whether two of a child's tasks can be ready at once.
bool tasks_overlap(plan const& made, plan_scope const& scope) {
    return scope.first.size() > 1 || std::any_of(scope.specs.begin(), scope.specs.end(), [&](std::uint32_t id) {
               return made.specs[id].dependents.size() > 1;
           });
}

std::size_t readers(plan const& made, plan_scope const& scope, place value) {
    std::size_t count = 0;
    for (std::uint32_t const id : scope.specs) {
        for (auto const& step : made.specs[id].steps) {
            for (place const& argument : step.arguments) count += same(argument, value) ? 1 : 0;
        }
    }
    return count;
}

// The sink, if there is only one, that alone takes the value of a step.
std::int32_t direct_sink_of(plan const& made, plan_scope const& scope, plan_step const& step) {
    if (scope.sinks.size() != 1 || scope.feeds_back || scope.sinks.front().parts.size() != 1) return -1;
    auto const& part = scope.sinks.front().parts.front();
    return part.last_use && same(part.from, step.value) && readers(made, scope, step.value) == 0 ? 0 : -1;
}

// Whether a child is one call whose value goes to one collector: such children have short ways of their own.
void find_single(plan const& made, plan_scope& scope) {
    auto const& spec = made.specs[scope.specs.front()];
    if (spec.purpose != purpose::execute_block || spec.steps.size() != 1) return;
    plan_step const& step = spec.steps.front();
    if (step.on != nullptr || step.attempts > 1 || direct_sink_of(made, scope, step) < 0) return;
    (step.body->coroutine ? scope.single_coroutine : scope.single) = &step;
}

void lay_out_element(plan_sink& sink) {
    std::size_t offset = 0;
    for (auto const& part : sink.parts) {
        offset = (offset + part.type->align - 1) / part.type->align * part.type->align;
        sink.element.push_back({part.type, offset});
        offset += part.type->size;
    }
}

// Lays what a run reads of each spec side by side, in the order of the specs. Before anything points into them.
void gather(plan& made) { made.specs = std::vector<task_spec>(made.specs); }

void derive_dependents(plan& made) {
    for (auto& spec : made.specs) {
        for (auto& dependent : spec.dependents) {
            task_spec const& other = made.specs[dependent.spec];
            dependent.alone = other.needs == 1;
            dependent.position = other.position;
        }
    }
}

}  // namespace

void derive(plan& made) {
    gather(made);
    for (auto& scope : made.scopes) {
        for (auto& sink : scope.sinks) {
            lay_out_element(sink);
            scope.feeds_back = scope.feeds_back || feeds_back(sink.how);
        }
        std::uint32_t position = 0;
        for (std::uint32_t const id : scope.specs) {
            auto& spec = made.specs[id];
            spec.position = position++;
            if (spec.needs == 0) {
                scope.first.push_back(id);
                scope.begins_with_block = scope.begins_with_block || spec.purpose == purpose::execute_block;
            }
        }
        scope.overlaps = tasks_overlap(made, scope);
        scope.straight = scope.expander_node.has_value() && is_straight(made, scope);
        std::vector<bool> direct(scope.values.size(), false);
        if (scope.straight) {
            for (std::uint32_t const id : scope.specs) {
                for (auto& step : made.specs[id].steps) {
                    step.direct_sink = direct_sink_of(made, scope, step);
                    if (step.direct_sink >= 0) direct[step.value_index] = true;
                }
            }
        }
        for (std::size_t i = 0; i < scope.values.size(); ++i) {
            if (!direct[i] && scope.values[i].destroy() != nullptr) scope.to_destroy.push_back(scope.values[i]);
        }
        if (scope.expander_node && scope.specs.size() == 1) find_single(made, scope);
    }
    derive_dependents(made);
    for (auto& scope : made.scopes) scope.waits = find_waits(made, scope);
}

}  // namespace frond::detail
