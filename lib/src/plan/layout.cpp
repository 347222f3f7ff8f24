#include "layout.hpp"

#include <limits>

namespace frond::detail {

namespace {

class layout_maker {
public:
    layout_maker(plan& made, selection const& from, sink_table const& sinks)
        : made_(made), from_(from), sinks_(sinks), blocks_(made.scopes.size()), values_(from.of.size()) {}

    void run(std::vector<std::string>& faults) {
        for (auto& input : made_.inputs) {
            input.value_index = add_value(0, {0, input.type, nullptr});
            input.where = {0, made_.scopes[0].values[input.value_index].offset};
            values_[place_of(input)] = input.where;
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
    std::uint32_t base_of(std::size_t scope) const noexcept { return 2 * made_.scopes[scope].depth; }

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
            step.value = {base_of(scope), made_.scopes[scope].values[step.value_index].offset};
            values_[step.node] = step.value;
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
                all[i].parts[part].from = place_of_value(nodes[part]);
            if (streams(all[i].how)) {
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
    place place_of_value(std::size_t node) const {
        return from_.expands(node) ? place{base_of(from_.opens[node]) + 1, 0} : values_[node];
    }

    void add_arguments(task_spec const& spec, plan_step& step) {
        if (spec.purpose == purpose::expand && from_.overridden[step.node]) {
            step.arguments = {values_[step.node]};
            return;
        }
        auto const& parameters = from_.parameters(step.node);
        step.arguments.reserve(parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (!collects(parameters[i].how)) {
                step.arguments.push_back(place_of_value(parameters[i].nodes.front()));
                continue;
            }
            std::uint32_t const scope = from_.collected_scope(parameters[i]);
            step.arguments.push_back({base_of(made_.scopes[scope].parent),
                                      made_.scopes[scope].sinks[sinks_.of_parameter(step.node, i)].target});
        }
    }

    plan::output output_of(std::size_t node) const {
        auto const& each = from_.of[node];
        if (!from_.expands(node)) return {each.name, each.type, nullptr, values_[node]};
        auto const& sink = made_.scopes[from_.opens[node]].sinks[sinks_.of_wanted(node)];
        return {each.name, each.type, each.type->list, {0, sink.target}};
    }

    plan& made_;
    selection const& from_;
    sink_table const& sinks_;
    std::vector<block_layout> blocks_;
    std::vector<place> values_;  // by node; of an overridden expander: its range
};

}  // namespace

void lay_out(plan& made, selection const& from, sink_table const& sinks, std::vector<std::string>& faults) {
    layout_maker(made, from, sinks).run(faults);
}

}  // namespace frond::detail
