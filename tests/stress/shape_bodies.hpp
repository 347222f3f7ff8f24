// Makes a graph of a shape, as simulation/shape_graph.hpp does, for real threads: its streams are read in random orders.
#pragma once

#include "../simulation/shape.hpp"

#include "frond/base/result.hpp"
#include "frond/graph/graph.hpp"

#include <cstdint>

namespace stress {

/// How a node that has several streams reads them.
enum class reading : std::uint8_t {
    one_after_the_other,  // each to its end
    in_turn,              // an element of each
    in_bursts,            // some hundred elements of each
};

/// `of` outlives the runs of the graph. The orders of reading come from the seed.
frond::result<frond::graph> make_graph(frond::simulation::shape const& of, std::uint64_t seed);

}  // namespace stress
