// Checks how nodes depend on each other: in what order, inside which expansions, and what is wrong with it.
//
// All places are those of the nodes as they were given. Nothing is said of a node that hangs on a faulty one.
#pragma once

#include "frond/graph/detail/expansion_chains.hpp"
#include "frond/graph/node.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace frond::detail {

/// The expansions around the nodes of a graph.
struct node_expansions {
    std::vector<expansion_chains::chain> around;  // the expanders that enclose each node
    std::vector<bool> sound;                      // `around` is known
    expansion_chains chains;
};

/// Finds the expansions around every node. Faults: cycles, a node that depends on a
/// collector of its own expansion, a node that two expansions meet in, an expansion that nobody collects.
node_expansions find_expansions(std::span<node const> nodes, std::vector<std::string>& faults);

/// The order of graph's invariant (2). Faults: whatever would wait for each other for ever.
std::vector<std::uint32_t> find_order(std::span<node const> nodes, node_expansions const& found,
                                      std::vector<std::string>& faults);

/// Faults: duplicate names, unused inputs, what is taken and used elsewhere, views that are collected, nested expansions
/// that nobody collects.
void check_uses(std::span<node const> nodes, node_expansions const& found, std::vector<std::string>& faults);

}  // namespace frond::detail
