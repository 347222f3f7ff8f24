#include "node_needs.hpp"

namespace frond::detail {

std::vector<node_need> find_needs(selection const& from) {
    std::vector<node_need> needs;
    for (std::size_t node = 0; node < from.of.size(); ++node) {
        if (!from.runs(node)) continue;
        auto const add = [&](std::uint32_t scope, std::size_t producer, trigger on) {
            std::uint32_t const inner = from.scope[node];
            std::size_t const consumer = inner == scope ? node : from.expander_below(scope, inner);
            needs.push_back({static_cast<std::uint32_t>(consumer), static_cast<std::uint32_t>(producer), on});
        };
        for (auto const& p : from.parameters(node)) {
            if (feeds_back(p.how)) continue;
            if (collects(p.how)) {
                plan_scope const& children = from.scopes[from.collected_scope(p)];
                add(static_cast<std::uint32_t>(children.parent), *children.expander_node,
                    streams(p.how) ? trigger::opened : trigger::finished);
                continue;
            }
            // A child has its parameter, and a run what it was given.
            std::size_t const producer = p.nodes.front();
            if (from.runs(producer) && !from.expands(producer)) add(from.scope[producer], producer, trigger::ended);
        }
    }
    return needs;
}

needs_by::needs_by(std::size_t nodes, std::vector<node_need> const& needs, std::uint32_t node_need::* end)
    : begin_(nodes + 1, 0), needs_(needs.size()) {
    for (auto const& need : needs) ++begin_[need.*end + 1];
    for (std::size_t i = 0; i < nodes; ++i) begin_[i + 1] += begin_[i];
    std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
    for (auto const& need : needs) needs_[next[need.*end]++] = need;
}

}  // namespace frond::detail
