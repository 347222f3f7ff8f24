// A plan from a graph and what is asked of it: selected, grouped, laid out, and told which task waits for which.
#include "frond/graph/any_range.hpp"
#include "frond/plan/plan.hpp"
#include "grouping.hpp"
#include "layout.hpp"
#include "node_needs.hpp"
#include "selection.hpp"
#include "sinks.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace frond {

namespace {

using detail::selection;

constexpr node_body required;  // of an overridden node: without a default

std::string joined(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) {
        if (!text.empty()) text += '\n';
        text += line;
    }
    return text;
}

void add_inputs(plan& made, selection const& from, std::vector<std::string>& faults) {
    std::vector<std::vector<std::size_t>> needed_by(from.of.size());
    for (std::size_t node = 0; node < from.of.size(); ++node) {
        if (!from.runs(node)) continue;
        for (auto const& p : from.parameters(node)) {
            for (auto const of : p.nodes) {
                if ((from.given(of) || from.overridden[of]) &&
                    (needed_by[of].empty() || needed_by[of].back() != node)) {
                    needed_by[of].push_back(node);
                }
            }
        }
    }
    for (std::size_t node = 0; node < from.of.size(); ++node) {
        if (!from.needed[node] || !(from.given(node) || from.overridden[node])) continue;
        auto const& each = from.of[node];
        plan::input input{each.name, each.type, {}, 0, &required, nullptr, std::move(needed_by[node]), nullptr};
        if (each.kind == node_kind::input) {
            input.body = each.body;
            input.self = each.self.get();
        }
        if (from.expands(node)) {
            input.type = &value_type_of<any_range>;
            input.element = each.type;
        }
        if (input.type->move == nullptr) {
            faults.push_back("a value of " + each.name + " cannot be given: its type, " + std::string(each.type->name) +
                             ", cannot be moved; give a reference");
        }
        made.inputs.push_back(std::move(input));
    }
}

void check_parameters(selection const& from, std::vector<std::string>& faults) {
    for (auto const& scope : from.scopes) {
        if (scope.parameter == nullptr || scope.parameter->move != nullptr) continue;
        faults.push_back(from.of[*scope.expander_node].name + " yields values of type " +
                         std::string(scope.parameter->name) + ", which cannot be moved");
    }
}

// Blocks, parameters and results lie in recycled memory, which is aligned as plain new aligns.
void check_alignment(selection const& from, std::vector<std::string>& faults) {
    for (std::size_t node = 0; node < from.of.size(); ++node) {
        auto const& each = from.of[node];
        if (!from.needed[node] || each.type->align <= alignof(std::max_align_t)) continue;
        faults.push_back("the type of " + each.name + ", " + std::string(each.type->name) + ", is aligned to " +
                         std::to_string(each.type->align) + " bytes; hold what is aligned to more than " +
                         std::to_string(alignof(std::max_align_t)) + " by pointer");
    }
}

plan_step make_step(selection const& from, std::size_t node) {
    auto const& each = from.of[node];
    bool const from_range = from.overridden[node];
    plan_step step{};
    step.node = node;
    step.body = from_range ? &detail::any_range_body : each.body;
    step.self = from_range ? nullptr : each.self.get();
    step.on = from.on[node];
    step.attempts = from.retry[node].attempts;
    step.retry_delay = from.retry[node].delay;
    return step;
}

// Gives the spec of each node.
std::vector<std::uint32_t> add_specs(plan& made, selection const& from, detail::node_groups groups) {
    std::vector<std::uint32_t> spec_of(from.of.size(), 0);
    made.specs.reserve(groups.groups.size());
    for (auto& group : groups.groups) {
        auto const place = static_cast<std::uint32_t>(made.specs.size());
        task_spec& spec = made.specs.emplace_back();
        spec.name = std::move(group.name);
        spec.purpose = group.purpose;
        spec.scope = group.scope;
        spec.steps.reserve(group.count);
        for (auto const node : groups.nodes_of(group)) {
            spec_of[node] = place;
            spec.steps.push_back(make_step(from, node));
        }
        made.scopes[group.scope].specs.push_back(place);
        if (spec.purpose != purpose::expand) continue;
        spec.opens = from.opens[groups.nodes_of(group).front()];
        made.scopes[*spec.opens].expand_spec = place;
    }
    return spec_of;
}

// A need counts once, however many nodes of a task have it.
void add_needs(plan& made, std::vector<std::uint32_t> const& spec_of, std::vector<detail::node_need> const& needs) {
    std::vector<detail::node_need> between(needs);
    for (auto& need : between) {
        need.consumer = spec_of[need.consumer];
        need.producer = spec_of[need.producer];
    }
    detail::needs_by const by_consumer(made.specs.size(), between, &detail::node_need::consumer);
    std::vector<std::uint32_t> counts(made.specs.size(), 0);  // at most
    for (auto const& need : between) ++counts[need.producer];
    for (std::size_t i = 0; i < counts.size(); ++i) made.specs[i].dependents.reserve(counts[i]);
    constexpr std::size_t triggers = 3;
    std::vector<std::uint32_t> last(made.specs.size() * triggers, UINT32_MAX);  // the task that counted it last
    for (std::uint32_t consumer = 0; consumer < made.specs.size(); ++consumer) {
        for (auto const& need : by_consumer[consumer]) {
            auto& seen = last[need.producer * triggers + static_cast<std::size_t>(need.on)];
            if (need.producer == consumer || seen == consumer) continue;
            seen = consumer;
            made.specs[need.producer].dependents.push_back({consumer, need.on});
            ++made.specs[consumer].needs;
        }
    }
}

}  // namespace

std::string_view to_string(purpose why) noexcept {
    switch (why) {
        case purpose::execute_single: return "execute_single";
        case purpose::execute_block: return "execute_block";
        case purpose::expand: return "expand";
        case purpose::collect: return "collect";
    }
    return {};
}

result<std::shared_ptr<plan const>> plan::make(frond::graph g, plan_options options) {
    auto const made = std::make_shared<plan>();
    made->graph = std::move(g);
    made->options = std::move(options);
    std::vector<std::string> faults;
    if (made->options.grouping == grouping::custom && !made->options.group_of) {
        faults.emplace_back("the grouping is custom, but no group_of is given");
    }
    auto from = detail::select(*made, faults);
    check_parameters(from, faults);
    check_alignment(from, faults);
    add_inputs(*made, from, faults);
    detail::sink_table const sinks(from, faults);
    if (!faults.empty()) return error(errc::invalid_plan, joined(faults));

    auto const needs = detail::find_needs(from);
    auto const spec_of = add_specs(*made, from, detail::group_nodes(from, needs, made->options));
    add_needs(*made, spec_of, needs);
    detail::lay_out(*made, from, sinks, faults);
    if (!faults.empty()) return error(errc::invalid_plan, joined(faults));
    for (auto const& scope : made->scopes) made->depth = std::max(made->depth, scope.depth);
    detail::derive(*made);
    return std::shared_ptr<plan const>(made);
}

}  // namespace frond
