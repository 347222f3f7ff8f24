#include "boxes.hpp"
#include "frond/graph/graph.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace frond {

namespace {

using json = nlohmann::ordered_json;

std::string_view kind_of(node const& each) {
    if (each.kind == node_kind::input) return "input";
    if (each.kind == node_kind::expander) return "expander";
    return each.is_collector() ? "collector" : "plain";
}

std::string_view how_of(need how) {
    auto const label = detail::label_of(how);
    return label.empty() ? "value" : label;
}

}  // namespace

// Boxes are told by what is around a node, not by nesting: a reader need not recurse.
std::string to_json(graph const& g) {
    json nodes = json::array();
    for (std::size_t i = 0; i < g.size(); ++i) {
        auto const& each = g[i];
        json made{{"name", each.name}, {"qualified", each.qualified}, {"kind", kind_of(each)}};
        if (each.type != nullptr) made["type"] = each.type->name;
        json inside = json::array();
        for (auto const expander : g.expansions(i)) inside.push_back(g[expander].name);
        made["inside"] = std::move(inside);
        json parameters = json::array();
        for (auto const& p : each.parameters) {
            json of = json::array();
            for (auto const from : p.nodes) of.push_back(g[from].name);
            parameters.push_back({{"how", how_of(p.how)}, {"of", std::move(of)}});
        }
        made["parameters"] = std::move(parameters);
        nodes.push_back(std::move(made));
    }
    return json{{"nodes", std::move(nodes)}}.dump(2, ' ', true, json::error_handler_t::replace);
}

}  // namespace frond
