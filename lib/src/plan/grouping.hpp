// Which nodes run together as one task, and in what order the tasks of a scope can come.
//
// A group that would have to wait for itself is split: its nodes up to where it waits are one task, the others another.
#pragma once

#include "node_needs.hpp"
#include "selection.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace frond::detail {

struct node_groups {
    struct group {
        std::string name;  // unique in the plan
        frond::purpose purpose;
        std::uint32_t scope;
        std::size_t first;  // in `nodes`
        std::size_t count;
    };
    std::vector<group> groups;         // groups of one scope together, each after what it needs
    std::vector<std::uint32_t> nodes;  // nodes of one group together, in order

    std::span<std::uint32_t const> nodes_of(group const& of) const noexcept {
        return {nodes.data() + of.first, of.count};
    }
};

/// The groups of all nodes that run.
node_groups group_nodes(selection const& from, std::vector<node_need> const& needs, plan_options const& options);

}  // namespace frond::detail
