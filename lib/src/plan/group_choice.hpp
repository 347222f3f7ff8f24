// The groups as the grouping asks for them, before any has to be split.
#pragma once

#include "node_needs.hpp"
#include "selection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace frond::detail {

struct chosen_groups {
    struct group {
        std::string name;
        bool numbered = false;    // the first part has a number too
        std::uint32_t nodes = 0;  // how many
    };
    std::vector<group> groups;
    std::vector<std::uint32_t> of_node;  // expanders and collectors are groups of their own
};

chosen_groups choose_groups(selection const& from, needs_by const& by_consumer, needs_by const& by_producer,
                            plan_options const& options);

}  // namespace frond::detail
