// What waits for what when a graph runs (see moments.hpp), of nodes that are known at run time.
//
// A cycle is a run that would stand still for ever, such as two streams of one expansion in one node.
#include "frond/graph/detail/moments.hpp"
#include "wiring.hpp"

#include <set>
#include <utility>

namespace frond::detail {

namespace {

class waiting_nodes {
public:
    waiting_nodes(std::span<node const> nodes, node_expansions const& found) : nodes_(nodes), found_(found) {}

    std::vector<wait_edge> const& edges() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            made_.add_node(i, expands(i));
            if (!found_.sound[i]) continue;
            for (auto const& p : nodes_[i].parameters) {
                if (p.nodes.empty() || feeds_back(p.how)) continue;
                if (collects(p.how)) {
                    add_collected(i, p);
                } else {
                    std::size_t const from = p.nodes.front();
                    made_.add_value(i, from, expands(from), hoisted(i, found_.around[from].length));
                }
            }
        }
        return made_.edges();
    }

private:
    bool expands(std::size_t place) const { return nodes_[place].kind == node_kind::expander; }

    void add_collected(std::size_t place, parameter const& p) {
        std::size_t const from = p.nodes.front();
        std::size_t const expander = expands(from) ? from : found_.chains.innermost(found_.around[from]);
        if (streams(p.how)) {
            made_.add_stream(place, expands(place), expander);
        } else {
            made_.add_list(place, expander, hoisted(place, found_.around[expander].length));
        }
        for (auto const each : p.nodes) made_.add_order(place, each);
    }

    // The expander, in a scope that lies so many expansions deep, whose expansion a node is inside.
    std::size_t hoisted(std::size_t place, std::size_t depth) const {
        auto const around = found_.chains[found_.around[place]];
        return around.size() > depth ? around[depth] : nowhere;
    }

    std::span<node const> nodes_;
    node_expansions const& found_;
    moment_edges made_;
};

// Tells of a standstill what its user would have to change.
class standstill {
public:
    standstill(std::span<node const> nodes, std::span<wait_edge const> edges)
        : nodes_(nodes), edges_(edges), cycle_(edges) {}

    /// What makes it the same fault as that of another cycle.
    std::pair<std::uint32_t, std::uint32_t> key() const noexcept {
        if (cycle_.reader != moment_cycle::none) return {edges_[cycle_.reader].from, edges_[cycle_.reader].to};
        if (cycle_.inside != moment_cycle::none) {
            return {edges_[cycle_.inside].from, moment_of(moment::begin, edges_[cycle_.inside].because)};
        }
        return {edges_[0].from, edges_[0].to};
    }

    std::string text() const {
        if (cycle_.reader != moment_cycle::none) return text_of_reader();
        if (cycle_.inside != moment_cycle::none) return text_of_inside();
        return "a standstill: " + path(edges_.size() - 1);
    }

private:
    std::string const& name(std::uint32_t vertex) const { return nodes_[node_of(vertex)].name; }

    std::string text_of_reader() const {
        auto const& edge = edges_[cycle_.reader];
        return name(edge.to) + " streams the children of " + name(edge.from) +
               " and waits for what cannot end before it has read them (" + path(cycle_.reader) +
               "): neither would ever go on; take one joint stream, each<a, b>, or a list, all<f>, which holds what "
               "any "
               "order of reading would have to hold";
    }

    std::string text_of_inside() const {
        auto const& edge = edges_[cycle_.inside];
        return nodes_[edge.because].name + " is inside the expansion of " + name(edge.from) + " and needs " +
               name(edge.to) + ", which ends only when that expansion is over (" + path(cycle_.inside) +
               "): it would wait for itself; expand again instead";
    }

    // The nodes of the cycle, from the end of one edge round to it.
    std::string path(std::size_t edge) const {
        std::string text;
        std::size_t first = nowhere;
        cycle_.each_node(edge, [&](std::size_t node) {
            if (first == nowhere) first = node;
            text += nodes_[node].name + " waits for ";
        });
        return text + nodes_[first].name;
    }

    std::span<node const> nodes_;
    std::span<wait_edge const> edges_;
    moment_cycle cycle_;
};

void check_streams(std::span<node const> nodes, node_expansions const& found, std::vector<std::string>& faults) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!found.sound[i]) continue;
        std::vector<std::size_t> streamed;
        for (auto const& p : nodes[i].parameters) {
            if (!streams(p.how) || p.nodes.empty()) continue;
            std::size_t const from = p.nodes.front();
            std::size_t const expander =
                nodes[from].kind == node_kind::expander ? from : found.chains.innermost(found.around[from]);
            for (auto const other : streamed) {
                if (other != expander) continue;
                faults.push_back(
                    nodes[i].name + " has two separate streams of the expansion of " + nodes[expander].name +
                    ", which can wait for each other for ever; take one joint stream, each<a, b>, or lists, " +
                    "all<f>");
                break;
            }
            streamed.push_back(expander);
        }
    }
}

}  // namespace

std::vector<std::uint32_t> find_order(std::span<node const> nodes, node_expansions const& found,
                                      std::vector<std::string>& faults) {
    check_streams(nodes, found, faults);
    std::set<std::pair<std::uint32_t, std::uint32_t>> told;
    auto const ordered = order_of(wait_graph(3 * nodes.size(), waiting_nodes(nodes, found).edges()),
                                  [&](std::span<wait_edge const> cycle) {
                                      standstill const fault(nodes, cycle);
                                      if (told.insert(fault.key()).second) faults.push_back(fault.text());
                                  });
    std::vector<std::uint32_t> order;
    order.reserve(nodes.size());
    for (auto const vertex : ordered) {
        if (what_of(vertex) == moment::begin) order.push_back(static_cast<std::uint32_t>(node_of(vertex)));
    }
    return order;
}

}  // namespace frond::detail
