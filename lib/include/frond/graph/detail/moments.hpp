// The rule by which a graph is refused if it could end in bounded memory in no order of reading its streams. One rule for typed graphs,
// which are checked when they compile, and for graphs that are built at run time: which moment of a node waits for which.
//
// Every node begins and ends. An expander ends when its expansion is over, and flows while its children's results are
// taken. Room for these is bounded, so everything that streams them must have begun; and an expander that streams them must
// flow itself, since it reads on only while there is room for what it yields. A cycle among these moments never ends.
#pragma once

#include "frond/graph/detail/depth_first.hpp"
#include "frond/graph/node.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frond::detail {

inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

enum class moment : std::uint8_t {
    begin,  // of any node
    end,    // of any node; of an expander: its expansion is over
    flow,   // of an expander: all that stream its children read on
};

constexpr std::uint32_t moment_of(moment what, std::size_t node) {
    return static_cast<std::uint32_t>(3 * node + static_cast<std::size_t>(what));
}
constexpr std::size_t node_of(std::uint32_t vertex) { return vertex / 3; }
constexpr moment what_of(std::uint32_t vertex) { return static_cast<moment>(vertex % 3); }

/// The waiting of a graph's moments for one another, node by node.
class moment_edges {
public:
    static constexpr std::uint32_t no_cause = UINT32_MAX;

    constexpr void add_node(std::size_t node, bool expands) {
        add(moment::end, node, moment::begin, node);
        if (expands) add(moment::end, node, moment::flow, node);
    }
    /// A node takes the value of another. `hoisted`: the expander that is where the value is and whose expansion the node is
    /// inside, if there is one.
    constexpr void add_value(std::size_t node, std::size_t from, bool from_expands, std::size_t hoisted) {
        add(moment::begin, node, from_expands ? moment::begin : moment::end, from);
        if (!from_expands) add_before_expansion(node, hoisted, from);
    }
    constexpr void add_list(std::size_t node, std::size_t expander, std::size_t hoisted) {
        add(moment::begin, node, moment::end, expander);
        add_before_expansion(node, hoisted, expander);
    }
    constexpr void add_stream(std::size_t node, bool expands, std::size_t expander) {
        add(moment::begin, node, moment::begin, expander);
        add(moment::flow, expander, moment::begin, node);
        if (expands) add(moment::flow, expander, moment::flow, node);
        add(moment::end, node, moment::end, expander);
    }
    /// Puts a collected node before its collector in the order of nodes. It adds no wait that the other edges do not imply.
    constexpr void add_order(std::size_t node, std::size_t collected) {
        add(moment::begin, node, moment::begin, collected);
    }

    constexpr std::vector<wait_edge> const& edges() const noexcept { return edges_; }

private:
    // What a node takes from outside the expansion that it is inside is there before that expansion begins.
    constexpr void add_before_expansion(std::size_t node, std::size_t hoisted, std::size_t from) {
        if (hoisted != nowhere) add(moment::begin, hoisted, moment::end, from, static_cast<std::uint32_t>(node));
    }
    constexpr void add(moment from, std::size_t node, moment to, std::size_t other, std::uint32_t because = no_cause) {
        edges_.push_back({moment_of(from, node), moment_of(to, other), because});
    }

    std::vector<wait_edge> edges_;
};

/// A cycle of moments, and what its user would have to change.
class moment_cycle {
public:
    static constexpr std::size_t none = SIZE_MAX;

    constexpr explicit moment_cycle(std::span<wait_edge const> edges) : edges_(edges) {
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if (what_of(edges[i].from) == moment::flow && what_of(edges[i].to) == moment::begin) reader = i;
            if (edges[i].because != moment_edges::no_cause) inside = i;
        }
    }

    /// Calls `told(node)` for the nodes of the cycle, from the end of one edge round to its beginning: each waits for the
    /// next, the last for the first.
    template <class Told>
    constexpr void each_node(std::size_t edge, Told&& told) const {
        std::size_t last = nowhere;
        for (std::size_t i = 1; i <= edges_.size(); ++i) {
            std::size_t const node = node_of(edges_[(edge + i) % edges_.size()].from);
            if (node != last) told(node);
            last = node;
        }
    }

    std::size_t reader = none;  // the edge by which an expander waits for a node that streams its children
    std::size_t inside = none;  // the edge by which an expander waits for what its children need

private:
    std::span<wait_edge const> edges_;
};

}  // namespace frond::detail
