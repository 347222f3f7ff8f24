// Runs a scenario for many seeds and tells of the one that fails.
//
// FROND_SIMULATION_SEED=n runs only that seed, again and again the same; FROND_SIMULATION_SEEDS=n runs so many
// where a scenario asks for 10,000, and in proportion where it asks for more or, since each of its seeds takes long, for fewer; never less than 10.
#pragma once

#include <cstdint>
#include <functional>

#include "simulator.hpp"

namespace frond::simulation {

/// Runs `scenario` for the seeds from 1 to `count`. Fails the test with the first seed that breaks a promise, hangs or
/// leaves something to do.
/// Requires: the scenario lets the world come to rest before what it has made there dies.
void for_each_seed(std::uint64_t count, std::function<void(simulator&)> const& scenario);

}  // namespace frond::simulation
