#include "group_choice.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace frond::detail {

namespace {

// How far nodes are from the beginning of their scope. In the order of the graph whatever a node waits for is known.
class levels {
public:
    levels(selection const& from, needs_by const& by_consumer, needs_by const& by_producer)
        : by_consumer_(by_consumer), by_producer_(by_producer), begins_(from.of.size(), 0) {
        for (std::size_t node = 0; node < begins_.size(); ++node) {
            if (!from.runs(node)) continue;
            std::uint32_t level = 0;
            for (auto const& need : by_consumer[node]) level = std::max(level, when(need));
            begins_[node] = level + 1;
        }
    }

    std::uint32_t operator[](std::size_t node) const noexcept { return begins_[node]; }

private:
    std::uint32_t when(node_need const& need) const {
        if (need.on == trigger::opened) return begins_[need.producer];
        return need.on == trigger::finished ? finished(need.producer) : ended(need.producer);
    }
    // An expansion is over after all its streaming collectors have begun, and these end after the expansion.
    std::uint32_t finished(std::size_t expander) const {
        std::uint32_t level = begins_[expander];
        for (auto const& need : by_producer_[expander]) {
            if (need.on == trigger::opened) level = std::max(level, begins_[need.consumer]);
        }
        return level;
    }
    std::uint32_t ended(std::size_t node) const {
        std::uint32_t level = begins_[node];
        for (auto const& need : by_consumer_[node]) {
            if (need.on == trigger::opened) level = std::max(level, finished(need.producer));
        }
        return level;
    }

    needs_by const& by_consumer_;
    needs_by const& by_producer_;
    std::vector<std::uint32_t> begins_;
};

std::string block_name(selection const& from, std::uint32_t scope) {
    return "block-" + from.of[*from.scopes[scope].expander_node].name;
}

// A group's name; an empty one: the node stays alone.
std::string name_of(selection const& from, std::size_t node, plan_options const& options, std::uint32_t level) {
    std::uint32_t const scope = from.scope[node];
    switch (options.grouping) {
        case grouping::each_node: return {};
        case grouping::by_block: return scope == 0 ? std::string() : block_name(from, scope);
        case grouping::all_as_one: return scope == 0 ? "group" : block_name(from, scope);
        case grouping::by_level:
            return (scope == 0 ? std::string() : block_name(from, scope) + "-") + "level-" + std::to_string(level);
        case grouping::custom: return options.group_of(from.of[node]);
    }
    return {};
}

}  // namespace

chosen_groups choose_groups(selection const& from, needs_by const& by_consumer, needs_by const& by_producer,
                            plan_options const& options) {
    chosen_groups made;
    made.of_node.assign(from.of.size(), 0);
    std::optional<levels> by_level;
    if (options.grouping == grouping::by_level) by_level.emplace(from, by_consumer, by_producer);
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t> known;
    for (std::size_t node = 0; node < from.of.size(); ++node) {
        if (!from.runs(node)) continue;
        std::string name;
        std::string const& own = from.of[node].name;
        auto const add = [&](std::string of_group, bool numbered) {
            made.groups.push_back({std::move(of_group), numbered, 0});
            return static_cast<std::uint32_t>(made.groups.size() - 1);
        };
        switch (from.why[node]) {
            case purpose::expand: made.of_node[node] = add("expand-" + own, false); break;
            case purpose::collect: made.of_node[node] = add("collect-" + own, false); break;
            default:
                name = name_of(from, node, options, by_level ? (*by_level)[node] : 0);
                if (name.empty()) {
                    made.of_node[node] = add(own, false);
                    break;
                }
                auto const [at, fresh] = known.try_emplace({from.scope[node], name}, 0);
                if (fresh) at->second = add(name, options.grouping == grouping::all_as_one && from.scope[node] == 0);
                made.of_node[node] = at->second;
        }
        ++made.groups[made.of_node[node]].nodes;
    }
    return made;
}

}  // namespace frond::detail
