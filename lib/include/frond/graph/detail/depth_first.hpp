// Directed graphs as the checks of the wiring see them: who waits for whom, in what order all can be had, what goes
// round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frond::detail {

struct wait_edge {
    std::uint32_t from;     // waits
    std::uint32_t to;       // for this one
    std::uint32_t because;  // whatever the maker of the edges wants to remember
};

/// The edges by the vertex that waits, each vertex's in the order in which they were given.
class wait_graph {
public:
    constexpr wait_graph(std::size_t vertices, std::vector<wait_edge> const& edges)
        : begin_(vertices + 1, 0), edges_(edges.size(), wait_edge{}) {
        for (auto const& edge : edges) ++begin_[edge.from + 1];
        for (std::size_t i = 0; i < vertices; ++i) begin_[i + 1] += begin_[i];
        std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
        for (auto const& edge : edges) edges_[next[edge.from]++] = edge;
    }

    constexpr std::size_t size() const noexcept { return begin_.size() - 1; }
    constexpr std::span<wait_edge const> operator[](std::size_t vertex) const noexcept {
        return {edges_.data() + begin_[vertex], begin_[vertex + 1] - begin_[vertex]};
    }

private:
    std::vector<std::size_t> begin_;  // of each vertex's edges, and the end
    std::vector<wait_edge> edges_;
};

/// Gives the vertices with each after those it waits for, by and large as they are numbered. An edge that closes a
/// cycle is told, as the last of those that make the cycle, and passed over. Needs no stack.
template <class OnCycle>
constexpr std::vector<std::uint32_t> order_of(wait_graph const& graph, OnCycle&& on_cycle) {
    enum class mark : std::uint8_t { fresh, open, done };
    std::vector<mark> marks(graph.size(), mark::fresh);
    struct entered {
        std::uint32_t vertex;
        std::uint32_t next;  // of its edges
    };
    std::vector<entered> path;
    std::vector<std::uint32_t> order;
    order.reserve(graph.size());
    auto const close = [&](wait_edge const& edge) {
        std::vector<wait_edge> cycle;
        for (auto step = path.rbegin(); step->vertex != edge.to; ++step) {
            auto const& before = *(step + 1);
            cycle.push_back(graph[before.vertex][before.next - 1]);
        }
        std::vector<wait_edge> forward(cycle.rbegin(), cycle.rend());
        forward.push_back(edge);
        on_cycle(std::span<wait_edge const>(forward));
    };
    for (std::uint32_t root = 0; root < graph.size(); ++root) {
        if (marks[root] != mark::fresh) continue;
        marks[root] = mark::open;
        path.push_back({root, 0});
        while (!path.empty()) {
            auto& top = path.back();
            auto const edges = graph[top.vertex];
            if (top.next == edges.size()) {
                marks[top.vertex] = mark::done;
                order.push_back(top.vertex);
                path.pop_back();
                continue;
            }
            wait_edge const& edge = edges[top.next++];
            if (marks[edge.to] == mark::open) close(edge);
            if (marks[edge.to] != mark::fresh) continue;
            marks[edge.to] = mark::open;
            path.push_back({edge.to, 0});
        }
    }
    return order;
}

}  // namespace frond::detail
