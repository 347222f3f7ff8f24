// The graph as nested boxes, one for each expansion, as all drawings show it.
#pragma once

#include "frond/graph/graph.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frond::detail {

/// Goes through the boxes from the outermost: `node(place, depth)` for each node that is right in the box, and
/// `open(expander, depth)`, `close(depth)` around what is inside an expansion. Needs no stack, however deep they nest.
template <class Open, class Node, class Close>
void walk_boxes(graph const& g, Open&& open, Node&& node, Close&& close) {
    std::vector<std::vector<std::size_t>> inside(g.size() + 1);  // by expander; the last: of no expansion
    for (std::size_t i = 0; i < g.size(); ++i) {
        auto const around = g.expansions(i);
        inside[around.empty() ? g.size() : around.back()].push_back(i);
    }
    std::vector<std::pair<std::size_t, std::size_t>> path{{g.size(), 0}};  // a box and how far it has been gone through
    while (!path.empty()) {
        auto& [box, next] = path.back();
        if (next == inside[box].size()) {
            path.pop_back();
            if (!path.empty()) close(path.size());
            continue;
        }
        std::size_t const at = inside[box][next++];
        node(at, path.size());
        if (inside[at].empty()) continue;
        open(at, path.size());
        path.emplace_back(at, 0);
    }
}

/// How the drawings' languages name a node.
inline std::string id_of(std::size_t place) { return 'n' + std::to_string(place); }

/// How a parameter takes what it depends on, as the drawings call it; empty for a value.
constexpr std::string_view label_of(need how) noexcept {
    switch (how) {
        case need::value: return {};
        case need::take: return "take";
        case need::list: return "all";
        case need::list_results: return "all results";
        case need::stream: return "each";
        case need::stream_results: return "each result";
        case need::feedback: return "back";
        case need::feedback_results: return "back result";
    }
    return {};
}

/// Drawn as a broken line, since it comes bit by bit.
constexpr bool is_broken_line(need how) noexcept { return streams(how) || feeds_back(how); }

/// Goes through the lines of a label: `each(line, first)`.
template <class Each>
void walk_lines(std::string_view text, Each&& each) {
    for (bool first = true;; first = false) {
        auto const end = text.find('\n');
        each(text.substr(0, end), first);
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

}  // namespace frond::detail
