#include "boxes.hpp"
#include "frond/base/printable.hpp"
#include "frond/graph/graph.hpp"

#include <string>

namespace frond {

namespace {

// In quotes a label is no HTML; a backslash would begin an escape such as \N.
std::string dot_quoted(std::string_view text) {
    std::string made = "\"";
    detail::walk_lines(text, [&](std::string_view line, bool first) {
        if (!first) made += "\\n";
        for (char const c : printable(line)) {
            if (c == '"' || c == '\\') made += '\\';
            made += c;
        }
    });
    return made + '"';
}

std::string_view shape_of(node const& each) {
    if (each.kind == node_kind::input) return "ellipse";
    if (each.kind == node_kind::expander) return "trapezium";
    return each.is_collector() ? "invtrapezium" : "box";
}

}  // namespace

std::string to_dot(graph const& g) {
    std::string text = "digraph frond {\n    rankdir=LR;\n";
    auto const line = [&](std::size_t depth, std::string const& what) {
        text += std::string(4 * depth, ' ') + what + '\n';
    };
    detail::walk_boxes(
        g,
        [&](std::size_t expander, std::size_t depth) {
            line(depth, "subgraph cluster_" + detail::id_of(expander) + " {");
            line(depth + 1, "label=" + dot_quoted("for each " + g[expander].name) + ";");
        },
        [&](std::size_t place, std::size_t depth) {
            line(depth, detail::id_of(place) + " [label=" + dot_quoted(g[place].name) +
                            ", shape=" + std::string(shape_of(g[place])) + "];");
        },
        [&](std::size_t depth) { line(depth, "}"); });
    for (std::size_t i = 0; i < g.size(); ++i) {
        for (auto const& p : g[i].parameters) {
            std::string style;
            if (auto const label = detail::label_of(p.how); !label.empty()) {
                style = " [label=" + dot_quoted(label) + (detail::is_broken_line(p.how) ? ", style=dashed]" : "]");
            }
            for (auto const from : p.nodes) line(1, detail::id_of(from) + " -> " + detail::id_of(i) + style + ";");
        }
    }
    return text + "}\n";
}

}  // namespace frond
