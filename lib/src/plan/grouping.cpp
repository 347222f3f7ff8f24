#include "grouping.hpp"

#include "frond/graph/detail/name_index.hpp"
#include "group_choice.hpp"

#include <algorithm>
#include <utility>

namespace frond::detail {

namespace {

// Lets the nodes begin and end as a run would, a group when all its nodes can. When nothing more can begin, a group
// waits for itself: what of it can begin becomes a task of its own.
class group_maker {
public:
    group_maker(selection const& from, std::vector<node_need> const& needs, plan_options const& options)
        : from_(from),
          by_consumer_(from.of.size(), needs, &node_need::consumer),
          by_producer_(from.of.size(), needs, &node_need::producer),
          chosen_(choose_groups(from, by_consumer_, by_producer_, options)),
          ready_(chosen_.groups.size()),
          next_ready_(from.of.size(), none),
          unmet_(from.of.size(), 0),
          until_flow_(from.of.size(), 0),
          until_over_(from.of.size(), 0) {
        made_.nodes.reserve(from.of.size());
    }

    node_groups run() && {
        count();
        for (std::uint32_t node = 0; node < unmet_.size(); ++node) {
            if (from_.runs(node) && unmet_[node] == 0) can_begin(node);
        }
        settle();
        for (std::size_t i = 0; i < stalled_.size(); ++i) {  // grows meanwhile
            if (ready_[stalled_[i]].count != 0) begin(stalled_[i]);
            settle();
        }
        sort_by_scope();
        name_all();
        return std::move(made_);
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct ready_list {
        std::uint32_t head = none;
        std::uint32_t count = 0;
        std::uint32_t begun = 0;  // nodes of the group that are in a task already
    };

    enum class moment : std::uint8_t {
        can_begin,  // its own group may count on it
        begun,
        flows,  // of an expander: all that stream its children read on
        over,   // it has ended; of an expander: its expansion is over
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
            until_over_[node] = static_cast<std::uint32_t>(1 + streamed(by_consumer_[node]));
            until_flow_[node] = static_cast<std::uint32_t>(1 + streamed(by_producer_[node]));
            for (auto const& need : by_producer_[node]) {
                if (need.on == trigger::opened && from_.expands(need.consumer)) ++until_flow_[node];
            }
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
            if (what == moment::flows) nearer_to_over(node);
            if (what != moment::begun && what != moment::flows) continue;
            // An expander that streams reads on once it has begun and there is room for what it yields: when it flows.
            for (auto const& need : by_consumer_[node]) {
                if (need.on == trigger::opened) nearer_to_flow(need.producer);
            }
            if (what == moment::begun) nearer_to_flow(node);
        }
        moments_.clear();
        next_ = 0;
    }

    void meet(std::uint32_t node) {
        if (--unmet_[node] == 0) can_begin(node);
    }
    void nearer_to_flow(std::uint32_t node) {
        if (--until_flow_[node] != 0) return;
        if (from_.expands(node)) {
            moments_.push_back({node, moment::flows});
        } else {
            nearer_to_over(node);
        }
    }
    void nearer_to_over(std::uint32_t node) {
        if (--until_over_[node] == 0) moments_.push_back({node, moment::over});
    }

    void can_begin(std::uint32_t node) {
        auto const group = chosen_.of_node[node];
        moments_.push_back({node, moment::can_begin});
        auto& ready = ready_[group];
        next_ready_[node] = std::exchange(ready.head, node);
        if (++ready.count + ready.begun == chosen_.groups[group].nodes) {
            begin(group);
        } else if (ready.count == 1) {
            stalled_.push_back(group);
        }
    }

    void begin(std::uint32_t group) {
        auto& ready = ready_[group];
        std::size_t const first = made_.nodes.size();
        for (std::uint32_t node = ready.head; node != none; node = next_ready_[node]) made_.nodes.push_back(node);
        std::sort(made_.nodes.begin() + static_cast<std::ptrdiff_t>(first), made_.nodes.end());
        for (std::size_t i = first; i < made_.nodes.size(); ++i) moments_.push_back({made_.nodes[i], moment::begun});
        ready.begun += ready.count;
        ready.count = 0;
        ready.head = none;
        auto const front = made_.nodes[first];
        made_.groups.push_back({{}, from_.why[front], from_.scope[front], first, made_.nodes.size() - first});
    }

    void sort_by_scope() {
        std::vector<std::size_t> next(from_.scopes.size() + 1, 0);
        for (auto const& each : made_.groups) ++next[each.scope + 1];
        for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
        std::vector<node_groups::group> sorted(made_.groups.size());
        for (auto& each : made_.groups) sorted[next[each.scope]++] = std::move(each);
        made_.groups = std::move(sorted);
    }

    // Each part of a group has a number, the first one only if it has to.
    void name_all() {
        std::vector<std::uint32_t> parts(chosen_.groups.size(), 0);
        name_index names(made_.groups.size());
        for (std::size_t i = 0; i < made_.groups.size(); ++i) {
            auto const group = chosen_.of_node[made_.nodes_of(made_.groups[i]).front()];
            auto& chosen = chosen_.groups[group];
            bool taken = true;
            while (taken) {
                bool const bare = ++parts[group] == 1 && !chosen.numbered;
                auto& name = made_.groups[i].name;
                name = bare ? chosen.name : chosen.name + '-' + std::to_string(parts[group]);
                taken = names.add(name, i, [&](std::size_t at) -> std::string_view { return made_.groups[at].name; })
                            .has_value();
            }
        }
    }

    selection const& from_;
    needs_by by_consumer_;
    needs_by by_producer_;
    chosen_groups chosen_;
    std::vector<ready_list> ready_;          // by group: nodes that can begin and have not
    std::vector<std::uint32_t> next_ready_;  // by node: the next of its group
    std::vector<std::uint32_t> unmet_;       // by node: what it waits for
    std::vector<std::uint32_t>
        until_flow_;  // by node: what an expander waits for until it flows; another, to have begun
    std::vector<std::uint32_t> until_over_;  // by node: what its end waits for
    std::vector<std::uint32_t> stalled_;     // groups, in the order in which some of their nodes could begin
    std::vector<std::pair<std::uint32_t, moment>> moments_;
    std::size_t next_ = 0;  // of the moments
    node_groups made_;
};

}  // namespace

node_groups group_nodes(selection const& from, std::vector<node_need> const& needs, plan_options const& options) {
    return group_maker(from, needs, options).run();
}

}  // namespace frond::detail
