#include "plan_facts.hpp"

#include <algorithm>

namespace frond::hooks::detail {

namespace {

thread_use use_of(task_spec const& spec) {
    auto const suspends = [](plan_step const& step) { return step.body == nullptr || step.body->coroutine; };
    if (spec.purpose == purpose::expand || std::any_of(spec.steps.begin(), spec.steps.end(), suspends)) {
        return thread_use::open;
    }
    auto const sent = [](plan_step const& step) { return step.on != nullptr; };
    return std::any_of(spec.steps.begin(), spec.steps.end(), sent) ? thread_use::elsewhere : thread_use::busy;
}

}  // namespace

plan_facts::plan_facts(plan const& of) : specs(of.specs.size()), scopes(of.scopes.size()) {
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        scopes[i].parent = of.scopes[i].parent;
        scopes[i].depth = of.scopes[i].depth;
        scopes[i].expand_spec = of.scopes[i].expand_spec;
        scopes[i].specs = of.scopes[i].specs.size();
        if (i != 0) scopes[i].place = scopes[scopes[i].parent].expansions++;
        std::uint32_t position = 0;
        for (std::uint32_t const spec : of.scopes[i].specs) specs[spec].position = position++;
    }
    for (auto& scope : scopes) scope.alone = scope.specs == 1 && scope.expansions == 0;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        task_spec const& spec = of.specs[i];
        specs[i].purpose = spec.purpose;
        specs[i].use = use_of(spec);
        specs[i].scope = spec.scope;
        specs[i].opens = spec.opens;
        for (auto const& dependent : spec.dependents) {
            auto& needs = specs[dependent.spec].needs;
            // Several triggers of one task are one need here.
            if (needs.empty() || needs.back() != i) needs.push_back(i);
            if (dependent.on == trigger::opened) specs[dependent.spec].reads_streams = true;
        }
    }
}

}  // namespace frond::hooks::detail
