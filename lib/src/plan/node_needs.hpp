// Which nodes of one scope wait for which moments of which others.
#pragma once

#include "selection.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace frond::detail {

/// Both are of one scope: what a node takes from outside its scope is a need of the expander there that leads to it.
struct node_need {
    std::uint32_t consumer;
    std::uint32_t producer;
    trigger on;
};

/// In the order of the nodes that brought them up; the same one may come again.
std::vector<node_need> find_needs(selection const& from);

/// Needs by one of their ends.
class needs_by {
public:
    needs_by(std::size_t nodes, std::vector<node_need> const& needs, std::uint32_t node_need::* end);
    std::span<node_need const> operator[](std::size_t node) const noexcept {
        return {needs_.data() + begin_[node], begin_[node + 1] - begin_[node]};
    }

private:
    std::vector<std::size_t> begin_;
    std::vector<node_need> needs_;
};

}  // namespace frond::detail
