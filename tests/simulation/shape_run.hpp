// Plans a shape, runs it, and holds the run to its promises.
#pragma once

#include "shape.hpp"
#include "simulator.hpp"

namespace frond::simulation {

/// Runs it once or several times at once, with values, hooks and a cancellation of the seed's choosing.
void play(simulator& world, shape what);

}  // namespace frond::simulation
