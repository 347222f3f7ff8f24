// What the tests of shapes share: how a shape is played, and the shapes that several of them vary.
#pragma once

#include "seeds.hpp"
#include "shape_run.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace frond::simulation {

/// Plays what `make(shape, dice)` makes, in thousands of schedules.
template <class Make>
void play_shapes(Make make, std::uint64_t seeds = 10'000) {
    for_each_seed(seeds, [&](simulator& world) {
        constexpr std::uint32_t limits[] = {1, 2, 3, 8, 256};
        shape what;
        if (world.random().percent(20)) what.suspending_percent = 0;
        what.options.limit = limits[world.random().below(5)];
        make(what, world.random());
        play(world, std::move(what));
    });
}

inline parameter some_list_of(dice& random, std::size_t node) {
    return random.percent(50) ? list_of(node) : stream_of(node);
}
inline parameter some_results_of(dice& random, std::size_t node) {
    return random.percent(50) ? results_of(node) : result_stream_of(node);
}

/// root -> file -> words -> total
inline void one_expansion(shape& what, dice& random, std::uint64_t most, unsigned expander_fails = 0,
                          unsigned block_fails = 0, unsigned collector_fails = 0) {
    auto const root = what.input("root");
    auto const file = what.expander(random, "file", {value_of_node(root)}, most, expander_fails);
    auto const words = what.node(random, "words", {value_of_node(file)}, block_fails);
    auto const total = what.node(random, "total", {some_list_of(random, words)}, collector_fails);
    what.wanted = {total};
}

/// Levels of expansions, each inside the one before, collected level by level.
inline void nested(shape& what, dice& random, std::size_t depth, std::uint64_t most, unsigned fails = 0,
                   bool results = false) {
    auto above = what.input("root");
    std::vector<std::size_t> heads;
    for (std::size_t level = 0; level < depth; ++level) {
        std::string const name = std::to_string(level);
        auto const e = what.expander(random, "e" + name, {value_of_node(above)}, most, fails / 2);
        above = what.node(random, "head" + name, {value_of_node(e)}, fails);
        heads.push_back(above);
    }
    for (std::size_t level = depth; level-- > 0;) {
        std::vector<parameter> from{results ? some_results_of(random, above) : some_list_of(random, above)};
        if (level > 0) from.push_back(value_of_node(heads[level - 1]));
        above = what.node(random, "sum" + std::to_string(level), std::move(from), fails / 2);
    }
    what.wanted = {above};
}

}  // namespace frond::simulation
