// Which expanders enclose each node. A value is where its node is, what an expander yields is inside its expansion, and
// what collects is outside again.
#include "frond/graph/detail/depth_first.hpp"
#include "wiring.hpp"

#include <utility>

namespace frond::detail {

namespace {

constexpr std::uint32_t unknown = UINT32_MAX;

class expansion_finder {
public:
    expansion_finder(std::span<node const> nodes, std::vector<std::string>& faults) : nodes_(nodes), faults_(faults) {
        found_.around.resize(nodes.size());
        found_.sound.assign(nodes.size(), true);
        inside_.assign(nodes.size(), {unknown, 0});
        // Where a node is cannot be said without all that it takes.
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            for (auto const& p : nodes[i].parameters) {
                if (p.nodes.empty()) found_.sound[i] = false;
            }
        }
    }

    node_expansions run() && {
        for (auto const place : order()) place_node(place);
        for (std::size_t i = 0; i < nodes_.size(); ++i) check_fed(i);
        return std::move(found_);
    }

private:
    using chain = expansion_chains::chain;

    // Where what a parameter takes is to be had, and the node by whose way it came.
    struct reached {
        chain at;
        std::size_t by;
    };

    std::vector<std::uint32_t> order() {
        std::vector<wait_edge> edges;
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            for (auto const& p : nodes_[i].parameters) {
                if (feeds_back(p.how)) continue;  // a feeder depends on its expander, not the other way round
                for (auto const to : p.nodes) edges.push_back({i, static_cast<std::uint32_t>(to), 0});
            }
        }
        return order_of(wait_graph(nodes_.size(), edges), [&](std::span<wait_edge const> cycle) {
            std::string text = "a cycle: " + nodes_[cycle.front().from].name;
            for (auto const& edge : cycle) {
                text += " needs " + nodes_[edge.to].name;
                found_.sound[edge.from] = false;
            }
            faults_.push_back(text + "; a node cannot wait for itself");
        });
    }

    void place_node(std::size_t place) {
        reached innermost{{}, place};
        bool sound = found_.sound[place];
        for (auto const& p : nodes_[place].parameters) {
            reached at{{}, place};
            if (feeds_back(p.how)) continue;
            if (!reach(place, p, at) || !innermost_of(place, innermost, at)) sound = false;
        }
        found_.sound[place] = sound;
        found_.around[place] = innermost.at;
        if (sound) check_collected(place);
    }

    // Where the values of a parameter are to be had; false if that is not known.
    bool reach(std::size_t place, parameter const& p, reached& at) {
        for (std::size_t i = 0; i < p.nodes.size(); ++i) {
            std::size_t const from = p.nodes[i];
            if (!found_.sound[from]) return false;
            chain const in = nodes_[from].kind == node_kind::expander ? inside(from) : found_.around[from];
            if (!collects(p.how)) {
                at = {in, from};
                continue;
            }
            if (in.length == 0) {
                faults_.push_back(nodes_[place].name + " collects " + nodes_[from].name +
                                  ", which is inside no expansion: there is one value; take it as a value");
                return false;
            }
            if (i != 0 && found_.chains.innermost(in) != collected_) {
                faults_.push_back(nodes_[place].name + " collects " + nodes_[p.nodes[0]].name + " and " +
                                  nodes_[from].name + " in one stream, but one is inside the expansion of " +
                                  nodes_[collected_].name + ", the other of " +
                                  nodes_[found_.chains.innermost(in)].name +
                                  ": only values of the same child can be joined");
                return false;
            }
            collected_ = found_.chains.innermost(in);
            at = {found_.around[collected_], from};
        }
        return true;
    }

    bool innermost_of(std::size_t place, reached& innermost, reached at) {
        if (found_.chains.encloses(at.at, innermost.at)) return true;
        if (!found_.chains.encloses(innermost.at, at.at)) {
            faults_.push_back(
                nodes_[place].name + " is reached from two expansions of which neither encloses the other: " +
                nodes_[found_.chains.innermost(innermost.at)].name + ", by " + nodes_[innermost.by].name + ", and " +
                nodes_[found_.chains.innermost(at.at)].name + ", by " + nodes_[at.by].name + "; collect one of them");
            return false;
        }
        innermost = at;
        return true;
    }

    // A node may not be inside what it collects, and a stream is read where its expansion is, once.
    void check_collected(std::size_t place) {
        chain const around = found_.around[place];
        for (auto const& p : nodes_[place].parameters) {
            if (!collects(p.how) || p.nodes.empty()) continue;
            std::size_t const from = p.nodes.front();
            chain const in = nodes_[from].kind == node_kind::expander ? inside(from) : found_.around[from];
            std::string const& expander = nodes_[found_.chains.innermost(in)].name;
            if (found_.chains.encloses(in, around)) {
                faults_.push_back(nodes_[place].name + " is inside the expansion of " + expander + " and collects " +
                                  nodes_[from].name + " from it: it would wait for itself; expand again instead");
                found_.sound[place] = false;
            } else if (streams(p.how) && in.length != around.length + 1) {
                faults_.push_back(nodes_[place].name + " streams " + nodes_[from].name + " of the expansion of " +
                                  expander + ", but is itself inside the expansion of " +
                                  nodes_[found_.chains.innermost(around)].name +
                                  ": a stream is read once; collect it outside, or as a list");
                found_.sound[place] = false;
            }
        }
    }

    // A feeder must be inside the expansion of its expander, and inside no expansion further in.
    void check_fed(std::size_t place) {
        node const& each = nodes_[place];
        for (auto const& p : each.parameters) {
            if (!feeds_back(p.how)) continue;
            if (each.kind != node_kind::expander || each.body == nullptr || each.body->promise == nullptr) {
                faults_.push_back(each.name +
                                  " is fed back, but is no coroutine that yields, expander<T>; it has no children that "
                                  "could give it anything");
                found_.sound[place] = false;
                return;
            }
            if (!found_.sound[place]) return;
            for (auto const from : p.nodes) {
                if (!found_.sound[from]) continue;
                chain const in = found_.around[from];
                bool const right =
                    nodes_[from].kind != node_kind::expander && in.length != 0 && found_.chains.innermost(in) == place;
                if (right) continue;
                faults_.push_back(
                    nodes_[from].name + " feeds " + each.name +
                    ", but is not made once for each of its children; take what feeds an expander from the expander, "
                    "or from another node that does");
                found_.sound[place] = false;
            }
        }
    }

    chain inside(std::size_t expander) {
        auto& made = inside_[expander];
        if (made.path == unknown) made = found_.chains.inside(found_.around[expander], expander);
        return made;
    }

    std::span<node const> nodes_;
    std::vector<std::string>& faults_;
    node_expansions found_;
    std::vector<chain> inside_;  // the expansion of each expander, once it is known
    std::size_t collected_ = 0;  // the expander whose expansion the last collecting parameter takes from
};

}  // namespace

node_expansions find_expansions(std::span<node const> nodes, std::vector<std::string>& faults) {
    return expansion_finder(nodes, faults).run();
}

}  // namespace frond::detail
