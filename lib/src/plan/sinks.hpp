// The sinks of each expansion: the values that its collectors take from each child. Each value has at most one collector that
// may move it out.
#pragma once

#include "selection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace frond::detail {

class sink_table {
public:
    /// Fills the sinks of `from.scopes`, all but where they lie. Faults: values that cannot be moved or copied as they
    /// would have to be.
    sink_table(selection& from, std::vector<std::string>& faults);

    /// The sink that a parameter that collects reads, in the scope whose children it collects from.
    std::uint32_t of_parameter(std::size_t node, std::size_t parameter) const noexcept {
        return sinks_[first_[node] + parameter];
    }
    /// The sink of all that a wanted expander yields.
    std::uint32_t of_wanted(std::size_t expander) const noexcept { return lists_[expander]; }
    /// What a sink takes from each child.
    std::vector<std::size_t> const& nodes_of(std::size_t scope, std::size_t sink) const noexcept {
        return parts_[scope][sink];
    }

private:
    std::uint32_t add(std::size_t collector, parameter const& p);
    void take_parts(std::uint32_t scope);

    selection& from_;
    std::vector<std::string>& faults_;
    std::vector<std::size_t> first_;                            // by node: its first parameter in sinks_
    std::vector<std::uint32_t> sinks_;                          // by parameter
    std::vector<std::uint32_t> lists_;                          // by node: the sink that lists it
    std::vector<std::uint32_t> result_lists_;                   // the same, of results
    std::vector<std::size_t> movers_;                           // by node: the collector that moves its value out
    std::vector<std::vector<std::size_t>> collectors_;          // by scope and sink: the node that reads it first
    std::vector<std::vector<std::vector<std::size_t>>> parts_;  // by scope and sink: the nodes
};

}  // namespace frond::detail
