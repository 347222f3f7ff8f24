#include "frond/graph/typed_graph.hpp"

namespace frond::detail {

std::vector<node> make_nodes(typed_table const& from) {
    std::vector<node> nodes(from.facts.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        node_facts const& known = *from.facts[i];
        nodes[i].name = from.names[i];
        nodes[i].qualified = known.qualified;
        nodes[i].kind = known.kind;
        nodes[i].type = known.type;
        nodes[i].body = known.body;
    }
    for (dependency_edge const& edge : from.edges) {
        auto& parameters = nodes[edge.from].parameters;
        if (edge.parameter == parameters.size()) parameters.push_back({edge.how, {}});
        parameters[edge.parameter].nodes.push_back(edge.to);
    }
    return nodes;
}

}  // namespace frond::detail
