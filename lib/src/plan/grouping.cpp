#include "grouping.hpp"

#include "group_choice.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace frond::detail {

namespace {

// Lets the nodes begin and end as a run would, a group when all its nodes can. When nothing more can begin, a group waits
// for itself: what of it can begin becomes a task of its own.
class group_maker {
public:
    group_maker(selection const& from, std::vector<node_need> const& needs, plan_options const& options)
        : from_(from),
          by_consumer_(from.of.size(), needs, &node_need::consumer),
          by_producer_(from.of.size(), needs, &node_need::producer),
          chosen_(choose_groups(from, by_consumer_, by_producer_, options)),
          ready_(chosen_.groups.size()),
          parts_(chosen_.groups.size(), 0),
          left_(chosen_.groups.size()),
          unmet_(from.of.size(), 0),
          until_over_(from.of.size(), 0) {
        for (std::size_t i = 0; i < left_.size(); ++i) left_[i] = chosen_.groups[i].nodes;
    }

    std::vector<node_group> run() && {
        count();
        for (std::uint32_t node = 0; node < unmet_.size(); ++node) {
            if (from_.runs(node) && unmet_[node] == 0) can_begin(node);
        }
        settle();
        for (std::size_t i = 0; i < stalled_.size(); ++i) {  // grows meanwhile
            if (!ready_[stalled_[i]].empty()) begin(stalled_[i]);
            settle();
        }
        std::stable_sort(made_.begin(), made_.end(),
                         [](node_group const& a, node_group const& b) { return a.scope < b.scope; });
        return std::move(made_);
    }

private:
    enum class moment : std::uint8_t {
        can_begin,  // its own group may count on it
        begun,
        over,  // it has ended; of an expander: its expansion is over
    };

    bool same_group(node_need const& need) const noexcept {
        return chosen_.of_node[need.consumer] == chosen_.of_node[need.producer];
    }

    void count() {
        for (std::size_t node = 0; node < unmet_.size(); ++node) {
            if (!from_.runs(node)) continue;
            auto const streamed = [](auto const& needs) {
                return std::count_if(needs.begin(), needs.end(), [](auto const& n) { return n.on == trigger::opened; });
            };
            unmet_[node] = static_cast<std::uint32_t>(by_consumer_[node].size());
            until_over_[node] =
                static_cast<std::uint32_t>(1 + streamed(by_consumer_[node]) + streamed(by_producer_[node]));
        }
    }

    void settle() {
        while (next_ < moments_.size()) {
            auto const [node, what] = moments_[next_++];
            for (auto const& need : by_producer_[node]) {
                if (need.on == trigger::opened) {
                    if (what == moment::begun) meet(need.consumer);
                    if (what == moment::over) nearer_to_over(need.consumer);
                } else if (what == (same_group(need) ? moment::can_begin : moment::over)) {
                    meet(need.consumer);
                }
            }
            if (what != moment::begun) continue;
            for (auto const& need : by_consumer_[node]) {
                if (need.on == trigger::opened) nearer_to_over(need.producer);
            }
            nearer_to_over(node);
        }
        moments_.clear();
        next_ = 0;
    }

    void meet(std::uint32_t node) {
        if (--unmet_[node] == 0) can_begin(node);
    }
    void nearer_to_over(std::uint32_t node) {
        if (--until_over_[node] == 0) moments_.push_back({node, moment::over});
    }

    void can_begin(std::uint32_t node) {
        auto const group = chosen_.of_node[node];
        moments_.push_back({node, moment::can_begin});
        if (ready_[group].empty()) stalled_.push_back(group);
        ready_[group].push_back(node);
        if (ready_[group].size() == left_[group]) begin(group);
    }

    void begin(std::uint32_t group) {
        auto nodes = std::exchange(ready_[group], {});
        left_[group] -= static_cast<std::uint32_t>(nodes.size());
        for (auto const node : nodes) moments_.push_back({node, moment::begun});
        std::sort(nodes.begin(), nodes.end());
        auto const first = nodes.front();
        made_.push_back({name_of(group), purpose_of(from_, first), from_.scope[first], std::move(nodes)});
    }

    std::string name_of(std::uint32_t group) {
        auto const& chosen = chosen_.groups[group];
        std::uint32_t& part = parts_[group];
        for (++part;; ++part) {
            auto name = chosen.name;
            if (part != 1 || chosen.numbered) name += "-" + std::to_string(part);
            if (names_.insert(name).second) return name;
        }
    }

    selection const& from_;
    needs_by by_consumer_;
    needs_by by_producer_;
    chosen_groups chosen_;
    std::vector<std::vector<std::uint32_t>> ready_;  // by group: nodes that can begin and have not
    std::vector<std::uint32_t> parts_;               // by group: tasks made of it
    std::vector<std::uint32_t> left_;                // by group: nodes that have not begun
    std::vector<std::uint32_t> unmet_;               // by node: what it waits for
    std::vector<std::uint32_t> until_over_;          // by node: what its end waits for
    std::vector<std::uint32_t> stalled_;             // groups, in the order in which some of their nodes could begin
    std::vector<std::pair<std::uint32_t, moment>> moments_;
    std::size_t next_ = 0;  // of the moments
    std::unordered_set<std::string> names_;
    std::vector<node_group> made_;
};

}  // namespace

purpose purpose_of(selection const& from, std::size_t node) noexcept {
    if (from.expands(node)) return purpose::expand;
    for (auto const& p : from.parameters(node)) {
        if (collects(p.how) && from.scopes[from.collected_scope(p)].parent == from.scope[node]) return purpose::collect;
    }
    return from.scope[node] == 0 ? purpose::execute_single : purpose::execute_block;
}

std::vector<node_group> group_nodes(selection const& from, std::vector<node_need> const& needs,
                                    plan_options const& options) {
    return group_maker(from, needs, options).run();
}

}  // namespace frond::detail
