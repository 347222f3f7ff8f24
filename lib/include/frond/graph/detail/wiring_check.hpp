// The rules of shapes, checked on a table of a graph's nodes and dependencies while it compiles. Knows no types: nodes are
// places in the table, each after those it depends on.
#pragma once

#include "frond/graph/detail/moments.hpp"
#include "frond/graph/node.hpp"
#include "frond/graph/wiring_rules.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace frond::detail {

/// One node's dependency on another.
struct dependency_edge {
    std::size_t from = 0;       // who depends
    std::size_t parameter = 0;  // by which of its parameters; a joint stream has several edges
    std::size_t to = 0;
    need how = need::value;
    bool view = false;     // the value is a view
    bool movable = true;   // the value may be moved
    bool copyable = true;  // and copied
};

/// A fault and the nodes that the message is about.
struct verdict {
    static constexpr std::size_t most_nodes = 8;  // of a longer path the beginning and the last one

    rule broken = rule::none;
    std::array<std::size_t, most_nodes> nodes = no_nodes();

    static constexpr std::array<std::size_t, most_nodes> no_nodes() {
        std::array<std::size_t, most_nodes> made{};
        made.fill(nowhere);
        return made;
    }
};

/// The nodes and dependencies of a graph.
///
/// Invariants: an edge leads to an earlier node, or to a feeder; edges are in the order of `from`, then of
/// `parameter`.
template <std::size_t Nodes, std::size_t Edges>
struct graph_table {
    std::array<std::string_view, Nodes> names{};
    std::array<node_kind, Nodes> kinds{};
    std::array<bool, Nodes> wanted{};
    std::array<bool, Nodes> overridden{};
    std::array<bool, Nodes> views{};      // of the wanted ones: the value is a view
    std::array<bool, Nodes> immovable{};  // of the wanted ones: the value cannot be moved
    std::array<dependency_edge, Edges> edges{};
};

/// Pairs of places whose names are equal; each such place is in a pair. Sorts, since a compiler's patience with constant
/// expressions ends long before the square of a large graph.
template <std::size_t Nodes>
constexpr std::vector<std::pair<std::size_t, std::size_t>> equal_names(
    std::array<std::string_view, Nodes> const& names) {
    std::array<std::size_t, Nodes> order{};
    for (std::size_t i = 0; i < Nodes; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        int const compared = names[a].compare(names[b]);
        return compared != 0 ? compared < 0 : a < b;
    });
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t i = 1; i < Nodes; ++i) {
        if (names[order[i - 1]] == names[order[i]]) pairs.emplace_back(order[i - 1], order[i]);
    }
    return pairs;
}

template <std::size_t Nodes, std::size_t Edges>
class wiring_check {
public:
    constexpr explicit wiring_check(graph_table<Nodes, Edges> const& of) : g_(of) {}

    /// The first fault, if any.
    constexpr verdict find() {
        names();
        std::size_t begin = 0;
        for (std::size_t node = 0; node < Nodes && right(); ++node) {
            std::size_t end = begin;
            while (end < Edges && g_.edges[end].from == node) ++end;
            visit(node, begin, end);
            begin = end;
        }
        if (right()) outside();
        if (right()) moments();
        return found_;
    }

private:
    static constexpr std::size_t words = Nodes / 64 + 1;

    constexpr bool right() const { return found_.broken == rule::none; }
    constexpr void fault(rule broken, std::size_t a, std::size_t b = nowhere, std::size_t c = nowhere) {
        if (!right()) return;
        found_.broken = broken;
        found_.nodes[0] = a;
        found_.nodes[1] = b;
        found_.nodes[2] = c;
    }

    constexpr void names() {
        for (auto const& [a, b] : equal_names(g_.names)) {
            bool const inputs = g_.kinds[a] == node_kind::input && g_.kinds[b] == node_kind::input;
            fault(inputs ? rule::input_conflict : rule::duplicate_name, a, b);
        }
    }

    /// The expansion that a node's children, or the node itself, are in.
    constexpr std::size_t inside(std::size_t node) const {
        return g_.kinds[node] == node_kind::expander ? node : scope_[node];
    }
    /// Whether an expansion, or the run, is another or lies around it.
    constexpr bool encloses(std::size_t outer, std::size_t inner) const {
        while (inner != outer && inner != nowhere) inner = scope_[inner];
        return inner == outer;
    }
    constexpr bool has_collected(std::size_t node, std::size_t expander) const {
        return (collected_[node][expander / 64] >> expander % 64 & 1) != 0;
    }

    constexpr void visit(std::size_t node, std::size_t begin, std::size_t end) {
        scope_[node] = nowhere;
        std::size_t deepest = nowhere;
        for (std::size_t e = begin; e < end && right(); ++e) {
            auto const& edge = g_.edges[e];
            ++consumers_[edge.to];
            if (feeds_back(edge.how)) continue;
            for (std::size_t w = 0; w < words; ++w) collected_[node][w] |= collected_[edge.to][w];
            std::size_t scope = inside(edge.to);
            if (collects(edge.how)) {
                if (scope == nowhere) return fault(rule::collects_unexpanded, node, edge.to);
                if (e > begin && g_.edges[e - 1].parameter == edge.parameter && inside(g_.edges[e - 1].to) != scope) {
                    return fault(rule::joint_of_two, node, g_.edges[e - 1].to, edge.to);
                }
                if (!edge.movable) return fault(rule::collects_immovable, node, edge.to);
                if (edge.view) return fault(rule::collects_view, node, edge.to);
                collected_[node][scope / 64] |= std::uint64_t{1} << scope % 64;
                scope = scope_[scope];
            }
            if (encloses(scope_[node], scope)) {
                scope_[node] = scope;
                deepest = edge.to;
            } else if (!encloses(scope, scope_[node])) {
                return fault(rule::two_expansions, node, edge.to, deepest);
            }
        }
        for (std::size_t s = scope_[node]; s != nowhere && right(); s = scope_[s]) {
            if (has_collected(node, s)) fault(rule::own_collector, node, culprit(node, s, begin, end), s);
        }
        streams_of(node, begin, end);
        takes_of(node, begin, end);
    }

    /// Through which dependency a node has collected an expansion: another node, or itself.
    constexpr std::size_t culprit(std::size_t node, std::size_t expander, std::size_t begin, std::size_t end) const {
        for (std::size_t e = begin; e < end; ++e) {
            if (has_collected(g_.edges[e].to, expander)) return g_.edges[e].to;
        }
        return node;
    }

    constexpr void streams_of(std::size_t node, std::size_t begin, std::size_t end) {
        for (std::size_t e = begin; e < end; ++e) {
            auto const& stream = g_.edges[e];
            if (!streams(stream.how)) continue;
            std::size_t const expansion = inside(stream.to);
            if (scope_[expansion] != scope_[node]) return fault(rule::stream_elsewhere, node, stream.to, scope_[node]);
            for (std::size_t i = begin; i < end && right(); ++i) {
                auto const& other = g_.edges[i];
                if (other.parameter == stream.parameter || !streams(other.how)) continue;
                if (inside(other.to) == expansion) fault(rule::two_streams, node, stream.to, other.to);
            }
        }
    }

    constexpr void takes_of(std::size_t node, std::size_t begin, std::size_t end) {
        for (std::size_t e = begin; e < end; ++e) {
            auto const& edge = g_.edges[e];
            if (edge.how == need::take && inside(edge.to) != scope_[node]) {
                fault(rule::take_from_outside, node, edge.to);
            }
        }
    }

    /// What depends on all nodes: who else uses a value, and what is asked for.
    constexpr void outside() {
        for (std::size_t e = 0; e < Edges; ++e) {
            auto const& edge = g_.edges[e];
            if (edge.how == need::take && (consumers_[edge.to] > 1 || g_.wanted[edge.to])) {
                fault(rule::take_shared, edge.from, edge.to, other_consumer(edge));
            }
            if (feeds_back(edge.how)) feeder_of(edge);
            if (edge.copyable || !gathers(edge.how)) continue;
            for (std::size_t i = 0; i < e; ++i) {
                auto const& other = g_.edges[i];
                bool const one_list = other.how == edge.how && lists(edge.how);
                if (other.to == edge.to && gathers(other.how) && !one_list) {
                    fault(rule::copies_uncopyable, edge.to, other.from, edge.from);
                }
            }
        }
        for (std::size_t node = 0; node < Nodes; ++node) {
            if (g_.views[node] && !g_.overridden[node]) fault(rule::wants_view, node);
            if (g_.immovable[node]) fault(rule::wants_immovable, node);
            if (scope_[node] == nowhere) continue;
            if (g_.wanted[node]) fault(rule::wanted_inside, node, scope_[node]);
            if (g_.overridden[node]) fault(rule::overridden_inside, node, scope_[node]);
        }
    }

    /// The value leaves its child.
    static constexpr bool gathers(need how) { return collects(how) || feeds_back(how); }
    /// A feeder must be inside the expansion of its expander, and inside no expansion further in.
    constexpr void feeder_of(dependency_edge const& edge) {
        if (expands(edge.to) || scope_[edge.to] != edge.from) fault(rule::feeder_elsewhere, edge.from, edge.to);
        if (!edge.movable) fault(rule::collects_immovable, edge.from, edge.to);
        if (edge.view) fault(rule::collects_view, edge.from, edge.to);
    }

    /// What no order of reading lets end in bounded memory.
    constexpr void moments() {
        bool any = false;
        for (auto const& edge : g_.edges) any = any || streams(edge.how);
        if (!any) return;
        order_of(wait_graph(3 * Nodes, waits().edges()), [&](std::span<wait_edge const> edges) {
            moment_cycle const cycle(edges);
            if (!right() || cycle.reader == moment_cycle::none) return;
            found_.broken = rule::standstill;
            std::size_t count = 0;
            cycle.each_node(cycle.reader, [&](std::size_t node) {
                found_.nodes[count < verdict::most_nodes ? count++ : verdict::most_nodes - 1] = node;
            });
        });
    }
    constexpr moment_edges waits() const {
        moment_edges made;
        for (std::size_t node = 0; node < Nodes; ++node) made.add_node(node, expands(node));
        for (auto const& edge : g_.edges) {
            if (feeds_back(edge.how)) continue;
            if (!collects(edge.how)) {
                made.add_value(edge.from, edge.to, expands(edge.to), hoisted(edge.from, scope_[edge.to]));
                continue;
            }
            std::size_t const expander = inside(edge.to);
            if (streams(edge.how)) {
                made.add_stream(edge.from, expands(edge.from), expander);
            } else {
                made.add_list(edge.from, expander, hoisted(edge.from, scope_[expander]));
            }
        }
        return made;
    }
    constexpr bool expands(std::size_t node) const { return g_.kinds[node] == node_kind::expander; }
    /// The expander in a scope whose expansion a node is inside; nowhere, if the node is in the scope itself.
    constexpr std::size_t hoisted(std::size_t node, std::size_t scope) const {
        std::size_t found = nowhere;
        for (std::size_t at = scope_[node]; at != scope; at = scope_[at]) found = at;
        return found;
    }

    constexpr std::size_t other_consumer(dependency_edge const& taking) const {
        for (auto const& edge : g_.edges) {
            if (edge.to == taking.to && (edge.from != taking.from || edge.parameter != taking.parameter))
                return edge.from;
        }
        return nowhere;  // it is wanted
    }

    graph_table<Nodes, Edges> const& g_;
    verdict found_;
    std::array<std::size_t, Nodes> scope_{};  // the innermost expander around a node
    std::array<std::size_t, Nodes> consumers_{};
    std::array<std::array<std::uint64_t, words>, Nodes> collected_{};  // bits: expanders that were collected on the way
};

}  // namespace frond::detail
