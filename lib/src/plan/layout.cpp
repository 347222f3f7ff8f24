#include "layout.hpp"

#include <array>
#include <limits>
#include <map>

namespace frond::detail {

namespace {

class layout_maker {
public:
    layout_maker(plan& made, selection const& from, sink_table const& sinks)
        : made_(made), from_(from), sinks_(sinks), blocks_(made.scopes.size()), values_(from.of.size()) {}

    void run(std::vector<std::string>& faults) {
        for (auto& input : made_.inputs) {
            input.value_index = add_value(0, {0, input.type, nullptr});
            input.where = {plan_scope::block_base, made_.scopes[0].values[input.value_index].offset};
            values_[place_of(input)] = {0, input.where};
        }
        for (auto& spec : made_.specs) {
            for (auto& step : spec.steps) add_step(static_cast<std::uint32_t>(spec.scope), step);
        }
        for (std::uint32_t scope = 1; scope < made_.scopes.size(); ++scope) add_sinks(scope);
        for (auto& spec : made_.specs) {
            for (auto& step : spec.steps) add_arguments(spec, step);
        }
        for (auto const node : from_.wanted) made_.outputs.push_back(output_of(node));
        for (std::size_t scope = 0; scope < blocks_.size(); ++scope) {
            if (blocks_[scope].size() > std::numeric_limits<std::uint32_t>::max()) {
                faults.push_back("the values " +
                                 (scope == 0 ? std::string("of the run")
                                             : "of a child of " + from_.of[*made_.scopes[scope].expander_node].name) +
                                 " take more than 4 GiB; hold the large ones by pointer");
            }
            made_.scopes[scope].block_size = static_cast<std::uint32_t>(blocks_[scope].size());
            made_.scopes[scope].block_align = static_cast<std::uint32_t>(blocks_[scope].align());
        }
    }

private:
    // Where a value lies: its scope, and the place in the terms of that scope.
    struct home {
        std::uint32_t scope = 0;
        place where;
    };

    // Translates a place into the terms of `scope`, which is the value's own or lies inside it. Each scope in between
    // hands the base address on.
    place seen_from(std::uint32_t scope, home const& value) {
        std::uint32_t base = value.where.base;
        std::vector<std::uint32_t> lack_it;  // innermost first
        for (; scope != value.scope; scope = static_cast<std::uint32_t>(made_.scopes[scope].parent)) {
            auto const found = handed_on_.find({scope, value.scope, value.where.base});
            if (found != handed_on_.end()) {
                base = found->second;
                break;
            }
            lack_it.push_back(scope);
        }
        for (auto each = lack_it.rbegin(); each != lack_it.rend(); ++each) {
            auto& outer = made_.scopes[*each].outer_bases;
            outer.push_back(base);
            base = plan_scope::first_outer_base + static_cast<std::uint32_t>(outer.size() - 1);
            handed_on_.insert({{*each, value.scope, value.where.base}, base});
        }
        return {base, value.where.offset};
    }

    std::size_t place_of(plan::input const& input) const { return *from_.of.find(input.name); }

    std::uint32_t add_value(std::uint32_t scope, plan_value value) {
        std::size_t const size = value.type != nullptr ? value.type->size : value.list->size;
        std::size_t const align = value.type != nullptr ? value.type->align : value.list->align;
        value.offset = static_cast<std::uint32_t>(blocks_[scope].add(size, align));
        made_.scopes[scope].values.push_back(value);
        return static_cast<std::uint32_t>(made_.scopes[scope].values.size() - 1);
    }

    void add_step(std::uint32_t scope, plan_step& step) {
        if (!from_.expands(step.node)) {
            step.value_index = add_value(scope, {0, from_.of[step.node].type, nullptr});
            step.value = {plan_scope::block_base, made_.scopes[scope].values[step.value_index].offset};
            values_[step.node] = {scope, step.value};
        }
        if (step.body->state_size != 0) {
            step.state_offset =
                static_cast<std::uint32_t>(blocks_[scope].add(step.body->state_size, step.body->state_align));
        }
    }

    void add_sinks(std::uint32_t scope) {
        auto const parent = static_cast<std::uint32_t>(made_.scopes[scope].parent);
        auto& all = made_.scopes[scope].sinks;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& nodes = sinks_.nodes_of(scope, i);
            for (std::size_t part = 0; part < nodes.size(); ++part)
                all[i].parts[part].from = seen_from(scope, home_of(nodes[part]));
            if (!lists(all[i].how)) {
                all[i].target = static_cast<std::uint32_t>(blocks_[parent].add(sizeof(void*), alignof(void*)));
                continue;
            }
            value_type const& type = *all[i].parts.front().type;
            all[i].value_index =
                add_value(parent, {0, nullptr, takes_results(all[i].how) ? type.result_list : type.list});
            all[i].target = made_.scopes[parent].values[all[i].value_index].offset;
        }
    }

    // What an expander yields is the parameter of its children.
    home home_of(std::size_t node) const {
        return from_.expands(node) ? home{from_.opens[node], {plan_scope::parameter_base, 0}} : values_[node];
    }

    void add_arguments(task_spec const& spec, plan_step& step) {
        auto const scope = static_cast<std::uint32_t>(spec.scope);
        if (spec.purpose == purpose::expand && from_.overridden[step.node]) {
            step.arguments = {seen_from(scope, values_[step.node])};
            return;
        }
        auto const& parameters = from_.parameters(step.node);
        step.arguments.reserve(parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (!collects(parameters[i].how) && !feeds_back(parameters[i].how)) {
                step.arguments.push_back(seen_from(scope, home_of(parameters[i].nodes.front())));
                continue;
            }
            plan_scope const& collected = made_.scopes[from_.collected_scope(parameters[i])];
            std::uint32_t const target = collected.sinks[sinks_.of_parameter(step.node, i)].target;
            step.arguments.push_back(
                seen_from(scope, {static_cast<std::uint32_t>(collected.parent), {plan_scope::block_base, target}}));
        }
    }

    plan::output output_of(std::size_t node) const {
        auto const& each = from_.of[node];
        if (!from_.expands(node)) return {each.name, each.type, nullptr, values_[node].where};
        auto const& sink = made_.scopes[from_.opens[node]].sinks[sinks_.of_wanted(node)];
        return {each.name, each.type, each.type->list, {0, sink.target}};
    }

    plan& made_;
    selection const& from_;
    sink_table const& sinks_;
    std::vector<block_layout> blocks_;
    std::vector<home> values_;  // by node; of an overridden expander: its range
    // The base addresses that are handed on. Key: the reading scope, the value's scope, the base in the value's scope.
    // Value: the base in the reading scope.
    std::map<std::array<std::uint32_t, 3>, std::uint32_t> handed_on_;
};

}  // namespace

void lay_out(plan& made, selection const& from, sink_table const& sinks, std::vector<std::string>& faults) {
    layout_maker(made, from, sinks).run(faults);
}

}  // namespace frond::detail
