// A graph as the simulations describe it: nodes, what they depend on, and how they behave. Two read it: the one that makes
// a frond graph of it, and the reference that evaluates it one after the other.
//
// Every value is a number made of the numbers that it depends on, so a wrong, lost or doubled value anywhere changes the
// outputs. Whether a node fails, and how many children an expander has, follows from its number too.
#pragma once

#include "dice.hpp"

#include "frond/graph/node.hpp"
#include "frond/plan/options.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace frond::simulation {

/// How the function of a node is written. An expander is a coroutine, or gives a range.
enum class form : std::uint8_t { function, function_of_result, coroutine, coroutine_of_result };

constexpr bool suspends(form how) noexcept { return how >= form::coroutine; }

struct shape_node {
    std::string name;
    node_kind kind;
    std::vector<parameter> parameters;
    form how = form::function;
    std::uint64_t most_children = 0;  // of an expander
    unsigned fails_percent = 0;
    std::uint64_t leaves_after = UINT64_MAX;  // a collector stops reading its stream then
    bool echoes = false;  // an expander that yields a child for each element of its streams, at once

    /// How the number of a node is made, in the order of its parameters.
    std::uint64_t begin() const noexcept;
    bool fails(std::uint64_t number) const noexcept;
    std::uint64_t value(std::uint64_t number) const noexcept;
    // ---- expanders
    std::uint64_t children(std::uint64_t number) const noexcept;
    std::uint64_t child(std::uint64_t number, std::uint64_t index) const noexcept;
    /// How many children come before the failure.
    std::uint64_t fails_after(std::uint64_t number) const noexcept;
};

/// Numbers made of numbers.
std::uint64_t mixed(std::uint64_t number) noexcept;
std::uint64_t followed_by(std::uint64_t number, std::uint64_t next) noexcept;
/// What a failed child counts as, for collectors that take failures as values.
inline constexpr std::uint64_t failure_number = 0x0bad'0bad'0bad'0bad;

struct shape {
    std::vector<shape_node> nodes;  // each after those it depends on
    std::vector<std::size_t> wanted;
    plan_options options;                // but for `wanted`
    std::vector<std::size_t> elsewhere;  // nodes with an executor of their own
    std::vector<std::size_t> blocking;
    unsigned suspending_percent = 50;  // how many nodes are coroutines
    unsigned rests_percent = 40;       // how often these let others go first, where they may
    unsigned cancelled_percent = 0;    // how often the run is cancelled at some moment
    bool leaves_early = false;         // collectors may leave their streams
    bool over_when_left = false;       // the run's only collector leaves its stream: what is left to do ends soon then

    std::size_t input(std::string name);
    std::size_t node(dice& random, std::string name, std::vector<parameter> parameters, unsigned fails_percent = 0);
    std::size_t expander(dice& random, std::string name, std::vector<parameter> parameters, std::uint64_t most,
                         unsigned fails_percent = 0);

    /// The expanders that enclose each node, outermost first.
    std::vector<std::vector<std::size_t>> enclosing() const;
    /// The expander whose children a collecting parameter reads.
    std::size_t expansion_of(parameter const& collecting) const;
};

inline parameter value_of_node(std::size_t node) { return parameter{need::value, {node}}; }
inline parameter take_of(std::size_t node) { return parameter{need::take, {node}}; }
inline parameter list_of(std::size_t node) { return parameter{need::list, {node}}; }
inline parameter results_of(std::size_t node) { return parameter{need::list_results, {node}}; }
inline parameter stream_of(std::size_t node) { return parameter{need::stream, {node}}; }
inline parameter joint_stream_of(std::size_t a, std::size_t b) { return parameter{need::stream, {a, b}}; }
inline parameter result_stream_of(std::size_t node) { return parameter{need::stream_results, {node}}; }

}  // namespace frond::simulation
