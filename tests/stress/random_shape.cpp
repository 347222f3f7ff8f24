#include "random_shape.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stress {

using namespace frond;
using namespace frond::simulation;

namespace {

constexpr std::size_t most_nodes = 12;
constexpr std::size_t most_parameters = 4;
constexpr std::size_t most_depth = 3;
constexpr std::uint64_t most_children = 20'000;

using chain = std::vector<std::size_t>;

bool encloses(chain const& outer, chain const& inner) {
    return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    shape make() {
        constexpr std::uint64_t scales[] = {10, 40, 40, 400, 400, 2'000, 2'000, 6'000, most_children, most_children};
        // Large expansions whose streams are read by nodes of the run: what can stand still once a stream is full.
        streamy_ = random_.percent(40);
        scale_ = streamy_ ? most_children : scales[random_.below(std::size(scales))];
        fails_ = random_.percent(15) ? 5 : 0;
        made_.suspending_percent = static_cast<unsigned>(random_.below(3) * 40);
        made_.rests_percent = random_.percent(30) ? 10 : 0;
        add_input();
        if (random_.percent(40)) add_input();
        std::size_t const size = random_.between(4, most_nodes);
        while (made_.nodes.size() < size) add_node();
        want_what_nobody_uses();
        prune();
        choose_options();
        return std::move(made_);
    }

private:
    void add_input() {
        made_.input("input" + std::to_string(made_.nodes.size()));
        inside_.emplace_back();
        inside_children_.emplace_back();
        below_.push_back(1);
    }

    // The expansions that the value of a node is inside.
    chain const& of_value(std::size_t node) const {
        return made_.nodes[node].kind == node_kind::expander ? inside_children_[node] : inside_[node];
    }
    // A recent node rather than an old one.
    std::size_t some_node() {
        std::size_t const size = made_.nodes.size();
        return size - 1 - std::min(random_.below(size), random_.below(size));
    }

    parameter collecting(std::size_t node) {
        if (streamy_ && random_.percent(70)) return stream_of(node);
        switch (random_.below(10)) {
            case 0:
            case 1:
            case 2: return list_of(node);
            case 3: return results_of(node);
            case 4: return result_stream_of(node);
            case 5: {
                for (int tries = 0; tries < 4; ++tries) {
                    std::size_t const other = some_node();
                    if (other != node && of_value(other) == of_value(node)) return joint_stream_of(node, other);
                }
                return stream_of(node);
            }
            default: return stream_of(node);
        }
    }

    // A dependency for a node that is inside `within`; the first dependency of a node says where it is.
    std::optional<parameter> dependency(std::optional<chain>& within) {
        std::size_t const on = some_node();
        chain around = of_value(on);
        bool const collect = !around.empty() && random_.percent(60);
        if (collect) around.pop_back();
        if (!within) within = around;
        // Some are let through, to be refused.
        if (!encloses(around, *within) && !random_.percent(2)) return std::nullopt;
        if (!collect) return random_.percent(5) ? take_of(on) : value_of_node(on);
        auto made = collecting(on);
        if (streams(made.how) && around != *within && !random_.percent(5)) return list_of(on);
        return made;
    }

    bool reads_expansion_of(std::vector<parameter> const& all, parameter const& one) const {
        return std::any_of(all.begin(), all.end(), [&](parameter const& other) {
            return collects(other.how) && collects(one.how) &&
                   of_value(other.nodes.front()) == of_value(one.nodes.front()) &&
                   (streams(other.how) || streams(one.how));
        });
    }

    void add_node() {
        std::optional<chain> within;
        std::vector<parameter> parameters;
        std::size_t const count = random_.between(1, most_parameters);
        for (std::size_t tries = 0; tries < 3 * count && parameters.size() < count; ++tries) {
            auto one = dependency(within);
            if (!one || (reads_expansion_of(parameters, *one) && !random_.percent(5))) continue;
            parameters.push_back(std::move(*one));
        }
        bool const expands = within->size() < (streamy_ ? 1 : most_depth) && random_.percent(streamy_ ? 40 : 30);
        std::string const number = std::to_string(made_.nodes.size());
        if (expands) {
            add_expander("expander" + number, std::move(parameters), *within);
        } else {
            made_.node(random_, "node" + number, std::move(parameters), random_.percent(30) ? fails_ : 0);
            below_.push_back(within->empty() ? 1 : below_[within->back()]);
            inside_children_.emplace_back();
        }
        inside_.push_back(std::move(*within));
    }

    void add_expander(std::string name, std::vector<parameter> parameters, chain const& within) {
        std::uint64_t const around = within.empty() ? 1 : below_[within.back()];
        std::uint64_t most = std::min(scale_, std::max<std::uint64_t>(2, most_children / around));
        std::uint64_t elements = 0;  // of its streams
        for (auto const& p : parameters) {
            if (streams(p.how)) elements += below_[of_value(p.nodes.front()).back()] / around;
        }
        std::size_t const node =
            made_.expander(random_, std::move(name), std::move(parameters), most, random_.percent(30) ? fails_ : 0);
        shape_node& expander = made_.nodes[node];
        if (elements != 0 && random_.percent(60)) {
            expander.echoes = true;
            expander.how = form::coroutine;
            expander.fails_percent = 0;
            expander.most_children = 0;
            most = elements;
        } else {
            if (streamy_) expander.most_children = most;
            most = expander.most_children;
        }
        below_.push_back(std::max<std::uint64_t>(1, around * most));
        inside_children_.push_back(within);
        inside_children_.back().push_back(node);
    }

    void want_what_nobody_uses() {
        std::vector<bool> used(made_.nodes.size());
        for (auto const& node : made_.nodes) {
            for (auto const& p : node.parameters) {
                for (std::size_t const on : p.nodes) used[on] = true;
            }
        }
        for (std::size_t i = 0; i < made_.nodes.size(); ++i) {
            if (inside_[i].empty() && !used[i] && made_.nodes[i].kind != node_kind::input) made_.wanted.push_back(i);
        }
        if (made_.wanted.empty()) made_.wanted.push_back(last_outside());
    }
    // Nothing but inputs may be outside: then the first of them is wanted.
    std::size_t last_outside() const {
        for (std::size_t i = made_.nodes.size(); i-- > 0;) {
            if (inside_[i].empty()) return i;
        }
        return 0;
    }

    bool inside(std::size_t node, std::size_t expander) const {
        auto const& around = of_value(node);
        return std::find(around.begin(), around.end(), expander) != around.end();
    }
    // An expander needs what the nodes of its children take from outside: the reference makes them as soon as it expands.
    std::vector<std::vector<std::size_t>> needs() const {
        std::vector<std::vector<std::size_t>> all(made_.nodes.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (auto const& p : made_.nodes[i].parameters) {
                for (std::size_t const on : p.nodes) {
                    all[i].push_back(on);
                    for (std::size_t const around : inside_[i]) {
                        if (!inside(on, around)) all[around].push_back(on);
                    }
                }
            }
        }
        return all;
    }

    // Leaves what the wanted nodes need, as a plan does: the others would fail for the reference alone. In an order in which
    // each comes after what it needs; where there is none, the graph is refused.
    void prune() {
        auto const all = needs();
        std::vector<bool> wanted(all.size());
        for (std::size_t const node : made_.wanted) wanted[node] = true;
        for (std::size_t i = all.size(); i-- > 0;) {
            if (!wanted[i]) continue;
            for (auto const& p : made_.nodes[i].parameters) {
                for (std::size_t const on : p.nodes) wanted[on] = true;
            }
        }
        constexpr auto none = static_cast<std::size_t>(-1);
        std::vector<std::size_t> place(all.size(), none);
        std::vector<shape_node> kept;
        auto const is_ready = [&](std::size_t node) {
            return wanted[node] && place[node] == none &&
                   std::all_of(all[node].begin(), all[node].end(),
                               [&](std::size_t on) { return !wanted[on] || place[on] != none; });
        };
        auto const is_left = [&](std::size_t node) { return wanted[node] && place[node] == none; };
        for (;;) {
            std::size_t next = 0;
            while (next < all.size() && !is_ready(next)) ++next;
            if (next == all.size()) {
                next = 0;
                while (next < all.size() && !is_left(next)) ++next;
            }
            if (next == all.size()) break;
            place[next] = kept.size();
            kept.push_back(made_.nodes[next]);
        }
        for (auto& node : kept) {
            for (auto& p : node.parameters) {
                for (std::size_t& on : p.nodes) on = place[on];
            }
        }
        made_.nodes = std::move(kept);
        for (std::size_t& node : made_.wanted) node = place[node];
    }

    void choose_options() {
        constexpr std::uint32_t limits[] = {1, 2, 3, 8, 256};
        made_.options.limit = limits[random_.below(std::size(limits))];
        for (auto const& node : made_.nodes) {
            if (node.kind == node_kind::expander && random_.percent(20)) {
                made_.options.expander_limits[node.name] = limits[random_.below(std::size(limits))];
            }
        }
        constexpr grouping others[] = {grouping::each_node, grouping::by_level, grouping::all_as_one};
        if (random_.percent(30)) made_.options.grouping = others[random_.below(std::size(others))];
    }

    dice random_;
    std::uint64_t scale_ = 0;
    bool streamy_ = false;
    unsigned fails_ = 0;
    shape made_;
    std::vector<chain> inside_;           // by node: the expanders around it
    std::vector<chain> inside_children_;  // by expander: those around its children
    std::vector<std::uint64_t> below_;    // by node: how many values it has at most; of an expander, how many children
};

}  // namespace

shape random_shape(std::uint64_t seed) { return generator(seed).make(); }

}  // namespace stress
