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

std::vector<std::size_t> places_in(std::vector<bool> const& chosen, std::size_t without) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (chosen[i] && i != without) places.push_back(i);
    }
    return places;
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

// The order of nodes does not suffice: a feeder comes after the expander that needs it.
std::vector<std::size_t> graph::upstream(std::size_t node) const {
    std::vector<bool> needed(size(), false);
    std::vector<std::size_t> open{node};
    while (!open.empty()) {
        std::size_t const at = open.back();
        open.pop_back();
        for (auto const& p : nodes_[at].parameters) {
            for (auto const from : p.nodes) {
                if (!needed[from]) open.push_back(from);
                needed[from] = true;
            }
        }
    }
    return places_in(needed, node);
}

std::vector<std::size_t> graph::downstream(std::size_t node) const {
    std::vector<bool> needs(size(), false);
    needs[node] = true;
    // One pass suffices, unless an expander is fed: its feeder comes after it.
    bool const fed = std::any_of(nodes_.begin(), nodes_.end(), [](auto const& each) { return each.is_fed_back(); });
    for (bool again = true; std::exchange(again, false);) {
        for (std::size_t i = 0; i < size(); ++i) {
            if (needs[i]) continue;
            for (auto const& p : nodes_[i].parameters) {
                if (std::none_of(p.nodes.begin(), p.nodes.end(), [&](std::size_t from) { return needs[from]; }))
                    continue;
                needs[i] = true;
                again = fed;
            }
        }
    }
    return places_in(needs, node);
}

}  // namespace frond
