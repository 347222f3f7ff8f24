// The graph: named nodes and what each depends on. One value, whoever made it.
#pragma once

#include "frond/base/result.hpp"
#include "frond/graph/detail/expansion_chains.hpp"
#include "frond/graph/detail/name_index.hpp"
#include "frond/graph/node.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frond {

/// Immutable once made, and well wired.
///
/// Invariants:
///  (1) names are unique;
///  (2) every node comes after the nodes that it depends on, an expander after the nodes that its children need from outside its
///      expansion, and a collector that lists an expansion after the collectors that stream it: in this order no node waits for
///      a later one. A feeder comes after the expander that it feeds;
///  (3) `expansions(n)` is the chain of expanders that enclose n, outermost first.
class graph {
public:
    /// Orders and checks nodes; `parameter::nodes` are places in `nodes` as given, and are renumbered. `faults` are those
    /// that whoever made the nodes has found: they are told together with the others, and a parameter without nodes is
    /// passed over.
    /// Errors: invalid_graph, whose message lists every fault, one a line, each with the nodes' names: a cycle (with its
    /// path), duplicate names, collecting what no expansion encloses, two expansions of which neither encloses the other, ...
    static result<graph> make(std::vector<node> nodes, std::vector<std::string> faults = {});

    std::span<node const> nodes() const noexcept { return nodes_; }
    node const& operator[](std::size_t i) const noexcept { return nodes_[i]; }
    std::size_t size() const noexcept { return nodes_.size(); }

    /// The place of a node, by name or qualified name.
    std::optional<std::size_t> find(std::string_view name) const noexcept;
    /// The expanders that enclose a node, outermost first; an expander is not inside its own expansion.
    std::span<std::size_t const> expansions(std::size_t node) const noexcept { return chains_[around_[node]]; }

    /// Everything that a node needs, directly or not, feeders of expanders among them; in order, without the node itself.
    std::vector<std::size_t> upstream(std::size_t node) const;
    /// Everything that needs a node.
    std::vector<std::size_t> downstream(std::size_t node) const;

private:
    std::vector<node> nodes_;
    std::vector<detail::expansion_chains::chain> around_;  // by node
    detail::expansion_chains chains_;
    detail::name_index names_;      // by name
    detail::name_index qualified_;  // by qualified name
};

/// The graph as Graphviz DOT, Mermaid or JSON; expansions are drawn as nested boxes.
std::string to_dot(graph const& g);
std::string to_mermaid(graph const& g);
std::string to_json(graph const& g);

}  // namespace frond
