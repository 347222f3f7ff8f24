#include "boxes.hpp"
#include "frond/base/printable.hpp"
#include "frond/graph/graph.hpp"

#include <string>

namespace frond {

namespace {

// Mermaid reads HTML and Markdown inside quotes; its own escapes are entities written with a # in place of the &.
std::string mermaid_quoted(std::string_view text) {
    constexpr std::string_view special = "\"#&<>\\`*_;";
    std::string made = "\"";
    detail::walk_lines(text, [&](std::string_view line, bool first) {
        if (!first) made += "<br/>";
        for (char const c : printable(line)) {
            if (special.find(c) == std::string_view::npos) {
                made += c;
            } else {
                made += '#' + std::to_string(static_cast<int>(c)) + ';';
            }
        }
    });
    return made + '"';
}

std::string shaped(node const& each) {
    std::string const label = mermaid_quoted(each.name);
    if (each.kind == node_kind::input) return "([" + label + "])";
    if (each.kind == node_kind::expander) return "[/" + label + "\\]";
    return each.is_collector() ? "[\\" + label + "/]" : '[' + label + ']';
}

}  // namespace

std::string to_mermaid(graph const& g) {
    std::string text = "flowchart LR\n";
    auto const line = [&](std::size_t depth, std::string const& what) {
        text += std::string(4 * depth, ' ') + what + '\n';
    };
    detail::walk_boxes(
        g,
        [&](std::size_t expander, std::size_t depth) {
            line(depth, "subgraph inside_" + detail::id_of(expander) + '[' +
                            mermaid_quoted("for each " + g[expander].name) + ']');
        },
        [&](std::size_t place, std::size_t depth) { line(depth, detail::id_of(place) + shaped(g[place])); },
        [&](std::size_t depth) { line(depth, "end"); });
    for (std::size_t i = 0; i < g.size(); ++i) {
        for (auto const& p : g[i].parameters) {
            std::string arrow = detail::is_broken_line(p.how) ? " -.->" : " -->";
            if (auto const label = detail::label_of(p.how); !label.empty()) arrow += '|' + std::string(label) + '|';
            for (auto const from : p.nodes) line(1, detail::id_of(from) + arrow + ' ' + detail::id_of(i));
        }
    }
    return text;
}

}  // namespace frond
