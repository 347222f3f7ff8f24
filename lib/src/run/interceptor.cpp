#include "frond/run/interceptor.hpp"

#include "frond/plan/plan.hpp"

namespace frond {

namespace {

std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

std::string names_of_functions(graph const& of) {
    constexpr std::size_t most = 10;
    std::size_t count = 0;
    std::string text;
    for (node const& each : of.nodes()) {
        if (each.kind != node_kind::plain || ++count > most) continue;
        text += (text.empty() ? "" : ", ") + each.name;
    }
    if (count > most) text += " and " + std::to_string(count - most) + " more";
    return text;
}

}  // namespace

std::string never_wrapped(plan const& of, std::string_view node) {
    auto const found = of.graph.find(node);
    if (!found) return "no node is called " + quoted(node) + "; name one of " + names_of_functions(of.graph);
    frond::node const& known = of.graph[*found];
    if (known.name != node) return "no node is called " + quoted(node) + "; say " + quoted(known.name);
    switch (known.kind) {
        case node_kind::input:
            return quoted(node) + " is an input, which no interceptor wraps; name one of " +
                   names_of_functions(of.graph);
        case node_kind::expander:
            return quoted(node) + " is an expander, which no interceptor wraps; name a node inside its expansion";
        case node_kind::plain: break;
    }
    return {};
}

}  // namespace frond
