// Graphs that nobody would draw: nodes, expanders, collectors and limits in random combinations, some of which a plan refuses.
#pragma once

#include "../simulation/shape.hpp"

#include <cstdint>

namespace stress {

/// The same shape for a seed on every machine. At most 12 nodes, all of which the wanted ones need, and 20,000 children an expansion.
frond::simulation::shape random_shape(std::uint64_t seed);

}  // namespace stress
