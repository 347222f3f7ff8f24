#include "frond/run/interceptor.hpp"

#include "frond/plan/plan.hpp"

namespace frond {

namespace {

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

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
    if (!found) return "no node is called " + in_quotes(node) + "; name one of " + names_of_functions(of.graph);
    frond::node const& known = of.graph[*found];
    if (known.name != node) return "no node is called " + in_quotes(node) + "; say " + in_quotes(known.name);
    switch (known.kind) {
        case node_kind::input:
            return in_quotes(node) + " is an input, which no interceptor wraps; name one of " +
                   names_of_functions(of.graph);
        case node_kind::expander:
            return in_quotes(node) + " is an expander, which no interceptor wraps; name a node inside its expansion";
        case node_kind::plain: break;
    }
    return {};
}

}  // namespace frond
