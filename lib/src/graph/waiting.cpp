// What waits for what when a graph runs. Every node begins and ends; an expander ends when its expansion is over.
//
// A cycle among these moments is a run that would stand still for ever, such as two streams of one expansion in one node.
#include "depth_first.hpp"
#include "wiring.hpp"

#include <set>
#include <utility>

namespace frond::detail {

namespace {

constexpr std::uint32_t nobody = UINT32_MAX;

constexpr std::uint32_t begin_of(std::size_t place) { return static_cast<std::uint32_t>(2 * place); }
constexpr std::uint32_t end_of(std::size_t place) { return static_cast<std::uint32_t>(2 * place + 1); }
constexpr std::uint32_t node_of(std::uint32_t moment) { return moment / 2; }
constexpr bool is_end(std::uint32_t moment) { return moment % 2 != 0; }

class moments {
public:
    moments(std::span<node const> nodes, wiring const& found) : nodes_(nodes), found_(found) {}

    std::vector<wait_edge> edges() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            add(end_of(i), begin_of(i));
            if (!found_.sound[i]) continue;
            for (auto const& p : nodes_[i].parameters) {
                if (p.nodes.empty()) continue;
                if (collects(p.how)) {
                    add_collected(i, p);
                } else {
                    add_value(i, p.nodes.front());
                }
            }
        }
        return std::move(edges_);
    }

private:
    void add_value(std::size_t place, std::size_t from) {
        bool const expands = nodes_[from].kind == node_kind::expander;
        add(begin_of(place), expands ? begin_of(from) : end_of(from));
        if (expands) return;
        add_before_expansion(place, found_.around[from].length, end_of(from));
    }

    void add_collected(std::size_t place, parameter const& p) {
        std::size_t const from = p.nodes.front();
        std::size_t const expander =
            nodes_[from].kind == node_kind::expander ? from : found_.chains.innermost(found_.around[from]);
        if (streams(p.how)) {
            add(begin_of(place), begin_of(expander));
            // Room for the children's results is bounded: they cannot all end before someone reads.
            add(end_of(expander), begin_of(place));
            add(end_of(place), end_of(expander));
        } else {
            add(begin_of(place), end_of(expander));
            add_before_expansion(place, found_.around[expander].length, end_of(expander));
        }
        // For the order alone: an expander's nodes come before who collects from them.
        for (auto const each : p.nodes) add(begin_of(place), begin_of(each));
    }

    // What a node takes from outside the expansion that it is in is there before that expansion begins.
    void add_before_expansion(std::size_t place, std::size_t outside, std::uint32_t moment) {
        auto const around = found_.chains[found_.around[place]];
        if (around.size() > outside) add(begin_of(around[outside]), moment, static_cast<std::uint32_t>(place));
    }

    void add(std::uint32_t from, std::uint32_t to, std::uint32_t because = nobody) {
        edges_.push_back({from, to, because});
    }

    std::span<node const> nodes_;
    wiring const& found_;
    std::vector<wait_edge> edges_;
};

// Tells of a standstill what its user would have to change.
class standstill {
public:
    standstill(std::span<node const> nodes, std::span<wait_edge const> cycle) : nodes_(nodes), cycle_(cycle) {
        for (std::size_t i = 0; i < cycle.size(); ++i) {
            if (is_end(cycle[i].from) && !is_end(cycle[i].to) && node_of(cycle[i].from) != node_of(cycle[i].to))
                reader_ = i;
            if (cycle[i].because != nobody) inside_ = i;
        }
    }

    /// What makes it the same fault as that of another cycle.
    std::pair<std::uint32_t, std::uint32_t> key() const noexcept {
        if (reader_ != npos) return {cycle_[reader_].from, cycle_[reader_].to};
        if (inside_ != npos) return {cycle_[inside_].from, begin_of(cycle_[inside_].because)};
        return {cycle_[0].from, cycle_[0].to};
    }

    std::string text() const {
        if (reader_ != npos) return text_of_reader();
        if (inside_ != npos) return text_of_inside();
        return "a standstill: " + path(0);
    }

private:
    static constexpr std::size_t npos = SIZE_MAX;

    std::string const& name(std::uint32_t moment) const { return nodes_[node_of(moment)].name; }

    std::string text_of_reader() const {
        std::string const& expander = name(cycle_[reader_].from);
        std::string const& reader = name(cycle_[reader_].to);
        return reader + " streams the children of " + expander + " and waits for what these have to end for (" +
               path(reader_ + 1) + "): neither would ever go on; take one joint stream, each<a, b>, or a list, all<f>";
    }

    std::string text_of_inside() const {
        std::string const& expander = name(cycle_[inside_].from);
        std::string const& needed = name(cycle_[inside_].to);
        return nodes_[cycle_[inside_].because].name + " is inside the expansion of " + expander + " and needs " +
               needed + ", which ends only when that expansion is over (" + path(inside_ + 1) +
               "): it would wait for itself; expand again instead";
    }

    // The nodes of the cycle, from one edge round to it.
    std::string path(std::size_t first) const {
        std::string text;
        std::uint32_t last = nobody;
        for (std::size_t i = 0; i <= cycle_.size(); ++i) {
            std::uint32_t const at = node_of(cycle_[(first + i) % cycle_.size()].from);
            if (at == last) continue;
            if (last != nobody) text += " waits for ";
            text += nodes_[at].name;
            last = at;
        }
        return text;
    }

    std::span<node const> nodes_;
    std::span<wait_edge const> cycle_;
    std::size_t reader_ = npos;  // the edge by which an expansion waits for who streams it
    std::size_t inside_ = npos;  // the edge by which an expander waits for what its children need
};

void check_streams(std::span<node const> nodes, wiring const& found, std::vector<std::string>& faults) {
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

std::vector<std::uint32_t> find_order(std::span<node const> nodes, wiring const& found,
                                      std::vector<std::string>& faults) {
    check_streams(nodes, found, faults);
    std::set<std::pair<std::uint32_t, std::uint32_t>> told;
    auto const ordered =
        order_of(wait_graph(2 * nodes.size(), moments(nodes, found).edges()), [&](std::span<wait_edge const> cycle) {
            standstill const fault(nodes, cycle);
            if (told.insert(fault.key()).second) faults.push_back(fault.text());
        });
    std::vector<std::uint32_t> order;
    order.reserve(nodes.size());
    for (auto const moment : ordered) {
        if (!is_end(moment)) order.push_back(node_of(moment));
    }
    return order;
}

}  // namespace frond::detail
