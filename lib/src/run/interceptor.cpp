#include "frond/run/interceptor.hpp"

#include "frond/graph/detail/similar_name.hpp"
#include "frond/plan/plan.hpp"

namespace frond {

namespace {

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

// The names of the nodes that an interceptor wraps; `with_value`: of those among them that have a value.
std::string names_of_wrapped(graph const& of, bool with_value) {
    constexpr std::size_t most = 10;
    std::size_t count = 0;
    std::string text;
    for (node const& each : of.nodes()) {
        if (each.kind == node_kind::input || (with_value && each.kind == node_kind::expander)) continue;
        if (++count > most) continue;
        text += (text.empty() ? "" : ", ") + each.name;
    }
    if (count > most) text += " and " + std::to_string(count - most) + " more";
    return text;
}

std::string wrong_name(graph const& of, std::string_view node, bool with_value) {
    auto const found = of.find(node);
    if (!found) {
        std::string const hint = detail::name_hints(of.nodes()).of(node);
        return "no node is called " + in_quotes(node) +
               (hint.empty() ? "; name one of " + names_of_wrapped(of, with_value) : hint);
    }
    frond::node const& known = of[*found];
    if (known.name != node) return "no node is called " + in_quotes(node) + "; say " + in_quotes(known.name);
    switch (known.kind) {
        case node_kind::input:
            return in_quotes(node) + " is an input, which no interceptor wraps; name one of " +
                   names_of_wrapped(of, with_value);
        case node_kind::expander:
            if (!with_value) break;
            return in_quotes(node) +
                   " is an expander, which has children and no value; name a node inside its expansion";
        case node_kind::plain: break;
    }
    return {};
}

}  // namespace

std::string never_wrapped(plan const& of, std::string_view node) { return wrong_name(of.graph, node, false); }

std::string never_has_value(plan const& of, std::string_view node) { return wrong_name(of.graph, node, true); }

}  // namespace frond
