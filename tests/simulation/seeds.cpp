#include "seeds.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "../catch.hpp"

namespace frond::simulation {

namespace {

std::uint64_t seed_now = 0;

std::uint64_t from_environment(char const* name, std::uint64_t otherwise) {
    char const* const text = std::getenv(name);
    if (text == nullptr) return otherwise;
    char* end = nullptr;
    auto const number = std::strtoull(text, &end, 10);
    if (number == 0 || *end != '\0') FAIL(name << " is \"" << text << "\"; it has to be a number from 1 on");
    return number;
}

// What is broken, or nothing.
std::string run_one(std::uint64_t seed, std::function<void(simulator&)> const& scenario) {
    constexpr unsigned concurrencies[] = {1, 2, 4, 0};
    seed_now = seed;
    // Told where an assert or a signal ends the test.
    INFO("seed " << seed);
    simulator world(seed, concurrencies[dice(seed).below(4)]);
    try {
        scenario(world);
        world.expect(world.idle(), "nothing is left to do when the scenario is over");
    } catch (hang const&) {
    } catch (std::exception const& thrown) {
        return world.broken().empty() ? std::string("the scenario threw: ") + thrown.what() : world.broken();
    }
    return world.broken();
}

}  // namespace

void for_each_seed(std::uint64_t count, std::function<void(simulator&)> const& scenario) {
    std::uint64_t const only = from_environment("FROND_SIMULATION_SEED", 0);
    std::uint64_t const first = only != 0 ? only : 1;
    std::uint64_t const share = from_environment("FROND_SIMULATION_SEEDS", 10'000);
    std::uint64_t const last = only != 0 ? only : std::max<std::uint64_t>(10, count * share / 10'000);
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        std::string const broken = run_one(seed, scenario);
        if (broken.empty()) continue;
        FAIL("seed " << seed << ": broken: " << broken << "\nreplay with FROND_SIMULATION_SEED=" << seed
                     << " and this test's name");
    }
    seed_now = 0;
    SUCCEED();
}

}  // namespace frond::simulation

// Sanitizers end the process without Catch2: they call this first.
extern "C" void __asan_on_error();
extern "C" void __asan_on_error() {
    std::fprintf(stderr, "seed %llu\n", static_cast<unsigned long long>(frond::simulation::seed_now));
}
