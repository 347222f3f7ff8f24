#include "frond/plan/typed_options.hpp"

namespace frond::detail {

namespace {

class node_names {
public:
    node_names(typed_table const& graph, std::span<replaced_name const> replaced)
        : graph_(graph), replaced_(replaced) {}

    std::string of(std::string_view function) const {
        for (auto const& each : replaced_) {
            if (each.function == function) {
                function = each.other;
                break;
            }
        }
        for (std::size_t i = 0; i < graph_.facts.size(); ++i) {
            if (graph_.facts[i]->kind != node_kind::input && graph_.facts[i]->qualified == function) {
                return std::string(graph_.names[i]);
            }
        }
        return std::string(function);
    }

private:
    typed_table const& graph_;
    std::span<replaced_name const> replaced_;
};

}  // namespace

plan_options name_options(option_data const& from, typed_table const& graph, std::span<replaced_name const> replaced) {
    node_names const names(graph, replaced);
    plan_options named = from.plain;
    for (auto const& [function, limit] : from.limits) named.expander_limits[names.of(function)] = limit;
    for (auto const& [function, limit] : from.limits_each) named.limits_each[names.of(function)] = limit;
    for (auto const& [function, rule] : from.retries) named.retries[names.of(function)] = rule;
    for (auto const& [function, where] : from.executors) named.executors[names.of(function)] = where;
    for (auto const function : from.blocking) named.blocking.push_back(names.of(function));
    return named;
}

}  // namespace frond::detail
