// Makes a graph of a shape, whose nodes note what they are called with and how many of them run at once.
#pragma once

#include "shape.hpp"
#include "simulator.hpp"

#include "frond/graph/graph.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace frond::simulation {

/// What the nodes of one plan did, in all its runs.
struct activity {
    activity(simulator& of_world, shape const& of_shape) : world(of_world), what(of_shape) {}

    simulator& world;
    shape const& what;
    std::unordered_map<std::uint64_t, std::uint64_t> executions;  // by number
    std::uint64_t bodies = 0;                                     // frames and calls that last
    std::vector<std::uint64_t> inside;                            // by expander: bodies in its children, not deeper
    std::uint64_t inside_any = 0;
    bool stopped = false;                 // the only run has been cancelled
    bool one_body_for_each_child = true;  // the nodes of a child do not overlap
    bool waits_may_be_endless = false;    // some waits are so long that only an interruption ends them in time
    bool bodies_compute = false;          // now and then, while the world goes on
    bool failure_stops = false;           // the first failure is the run's
    std::optional<time_point>
        stops_at;  // the only run has been cancelled, has failed, or has been left by its collectors

    void stops_now() noexcept {
        if (!stops_at) stops_at = world.now();
    }
    /// How long a run may go on after that: no wait lasts as long, but for those that have to be interrupted.
    static constexpr duration soon = std::chrono::minutes(30);
};

/// The kind of values that the nodes give.
enum class values_are : std::uint8_t { numbers, boxes };

/// `notes` outlives the runs of the graph.
result<graph> make_graph(shape const& what, values_are kind, activity& notes);

/// Reads an output of such a graph.
std::uint64_t number_at(void const* output, values_are kind, bool of_expander);

/// Holds an input of such a graph: its address is the argument's.
class input_value {
public:
    input_value(std::uint64_t number, values_are kind);
    input_value(input_value&&) noexcept = default;
    void* address() noexcept { return address_; }

private:
    std::shared_ptr<void> value_;
    void* address_;
};

}  // namespace frond::simulation
