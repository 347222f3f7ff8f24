#include "frond/graph/graph.hpp"

#include "wiring.hpp"

#include <algorithm>
#include <utility>

namespace frond {

namespace {

std::string joined(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) {
        if (!text.empty()) text += '\n';
        text += line;
    }
    return text;
}

}  // namespace

result<graph> graph::make(std::vector<node> nodes, std::vector<std::string> faults) {
    auto found = detail::find_expansions(nodes, faults);
    auto const order = detail::find_order(nodes, found, faults);
    detail::check_uses(nodes, found, faults);
    if (!faults.empty()) return error(errc::invalid_graph, joined(faults));

    std::vector<std::size_t> numbers(nodes.size());
    for (std::size_t i = 0; i < order.size(); ++i) numbers[order[i]] = i;
    graph made;
    made.nodes_.reserve(nodes.size());
    made.around_.reserve(nodes.size());
    made.names_ = detail::name_index(nodes.size());
    made.qualified_ = detail::name_index(nodes.size());
    for (auto const place : order) {
        node& each = made.nodes_.emplace_back(std::move(nodes[place]));
        for (auto& p : each.parameters) {
            for (auto& from : p.nodes) from = numbers[from];
        }
        made.around_.push_back(found.around[place]);
    }
    made.chains_ = std::move(found.chains);
    made.chains_.renumber(numbers);
    for (std::size_t i = 0; i < made.size(); ++i) {
        static_cast<void>(
            made.names_.add(made[i].name, i, [&](std::size_t at) -> std::string_view { return made[at].name; }));
        static_cast<void>(made.qualified_.add(made[i].qualified, i,
                                              [&](std::size_t at) -> std::string_view { return made[at].qualified; }));
    }
    return made;
}

std::optional<std::size_t> graph::find(std::string_view name) const noexcept {
    if (auto const at = names_.find(name, [&](std::size_t i) -> std::string_view { return nodes_[i].name; })) return at;
    return qualified_.find(name, [&](std::size_t i) -> std::string_view { return nodes_[i].qualified; });
}

std::vector<std::size_t> graph::upstream(std::size_t node) const {
    std::vector<bool> needed(node + 1, false);
    std::vector<std::size_t> places;
    needed[node] = true;
    for (std::size_t i = node + 1; i-- > 0;) {
        if (!needed[i]) continue;
        if (i != node) places.push_back(i);
        for (auto const& p : nodes_[i].parameters) {
            for (auto const from : p.nodes) needed[from] = true;
        }
    }
    std::reverse(places.begin(), places.end());
    return places;
}

std::vector<std::size_t> graph::downstream(std::size_t node) const {
    std::vector<bool> needs(size(), false);
    std::vector<std::size_t> places;
    needs[node] = true;
    for (std::size_t i = node + 1; i < size(); ++i) {
        for (auto const& p : nodes_[i].parameters) {
            if (std::any_of(p.nodes.begin(), p.nodes.end(), [&](std::size_t from) { return needs[from]; }))
                needs[i] = true;
        }
        if (needs[i]) places.push_back(i);
    }
    return places;
}

}  // namespace frond
