// The parts of a directed graph in which every vertex can be reached from every other.
#pragma once

#include "frond/graph/detail/depth_first.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace frond::detail {

/// True for each vertex that lies on a cycle of two vertices or more. Tarjan's algorithm; needs no stack.
inline std::vector<bool> on_cycles(wait_graph const& graph) {
    constexpr std::uint32_t unseen = 0;
    constexpr std::uint32_t done = UINT32_MAX;
    struct entered {
        std::uint32_t vertex;
        std::uint32_t next;  // of its edges
    };
    std::vector<bool> made(graph.size(), false);
    std::vector<std::uint32_t> low(graph.size(), unseen);  // the earliest vertex that is known to be reached from it
    std::vector<std::uint32_t> number(graph.size(), unseen);
    std::vector<std::uint32_t> open;  // vertices whose component is not known yet
    std::vector<entered> path;
    std::uint32_t last = 0;
    auto const enter = [&](std::uint32_t vertex) {
        low[vertex] = number[vertex] = ++last;
        open.push_back(vertex);
        path.push_back({vertex, 0});
    };
    auto const leave = [&](std::uint32_t vertex) {
        if (low[vertex] != number[vertex]) return;
        bool const cyclic = open.back() != vertex;
        std::uint32_t member = vertex;
        do {
            member = open.back();
            open.pop_back();
            low[member] = done;
            made[member] = cyclic;
        } while (member != vertex);
    };
    for (std::uint32_t root = 0; root < graph.size(); ++root) {
        if (number[root] != unseen) continue;
        enter(root);
        while (!path.empty()) {
            auto& top = path.back();
            std::uint32_t const vertex = top.vertex;
            auto const edges = graph[vertex];
            if (top.next < edges.size()) {
                std::uint32_t const to = edges[top.next++].to;
                if (number[to] == unseen) {
                    enter(to);
                } else if (low[to] != done) {
                    low[vertex] = std::min(low[vertex], number[to]);
                }
                continue;
            }
            std::uint32_t const found = low[vertex];
            path.pop_back();
            leave(vertex);
            if (!path.empty() && low[vertex] != done) {
                low[path.back().vertex] = std::min(low[path.back().vertex], found);
            }
        }
    }
    return made;
}

}  // namespace frond::detail
