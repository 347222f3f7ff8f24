// What a shape must come to, computed one after the other, by nothing that the library has a part in.
#pragma once

#include "shape.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace frond::simulation {

struct reference {
    bool fails = false;
    std::set<std::string> failing;                                // the nodes that may be the run's error
    std::vector<std::uint64_t> outputs;                           // of the wanted nodes; an expander's are folded
    std::unordered_map<std::uint64_t, std::uint64_t> executions;  // by number: how often a node is called with it
    std::vector<std::uint64_t> yielded;                           // by expander
    std::vector<std::uint64_t> failed_children;                   // by expander
};

/// `inputs`: the values of the inputs, in the order of nodes.
reference evaluate(shape const& what, std::vector<std::uint64_t> const& inputs);

}  // namespace frond::simulation
