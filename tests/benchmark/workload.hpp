// The work that every contender does, and what it must come to: one definition, so that all are measured on the same.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace workload {

/// A trivial body: a mix of an index, so that no compiler can foresee the sum.
constexpr std::uint64_t hash(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// A body of about a microsecond. What it takes exactly is the plain loop's figure, which is the ideal on one thread.
constexpr std::uint64_t microsecond(std::uint64_t x) noexcept {
    for (int round = 0; round < 245; ++round) x = hash(x);
    return x;
}

/// What each child of the waiting series waits for.
constexpr std::chrono::milliseconds wait{10};

/// A body that keeps its thread busy for some milliseconds of the clock; how much it computes meanwhile does not matter.
template <int Milliseconds>
std::uint64_t spin() noexcept {
    auto const until = std::chrono::steady_clock::now() + std::chrono::milliseconds(Milliseconds);
    while (std::chrono::steady_clock::now() < until) {
    }
    return 1;
}

/// How many children each child of the nested series has: as many as there are of the outer ones.
constexpr std::size_t nested_width = 1000;

/// One node of the static chain: what it makes of its predecessor's value.
constexpr std::uint64_t link(std::uint64_t before) noexcept { return hash(before + 1); }

/// The static graph in layers: every node needs three nodes of the layer before.
namespace layers {

constexpr std::size_t width = 100;

constexpr std::uint64_t source(std::size_t node) noexcept { return hash(node); }
constexpr std::uint64_t inner(std::uint64_t a, std::uint64_t b, std::uint64_t c) noexcept {
    return hash(a ^ (b << 1) ^ (c << 2));
}

/// The three nodes that a node of a later layer needs.
constexpr std::array<std::size_t, 3> needs(std::size_t node) noexcept {
    std::size_t const before = node / width * width - width;
    std::size_t const column = node % width;
    return {before + column, before + (column + 1) % width, before + (column + 7) % width};
}

/// For each node, those that need it.
inline std::vector<std::vector<std::size_t>> dependents(std::size_t nodes) {
    std::vector<std::vector<std::size_t>> found(nodes);
    for (std::size_t node = width; node < nodes; ++node) {
        for (std::size_t const need : needs(node)) found[need].push_back(node);
    }
    return found;
}

/// The value of a node, once those that it needs are there.
inline std::uint64_t value(std::vector<std::uint64_t> const& values, std::size_t node) noexcept {
    if (node < width) return source(node);
    auto const [a, b, c] = needs(node);
    return inner(values[a], values[b], values[c]);
}

/// What the whole graph comes to: the sum of the last layer.
inline std::uint64_t sum_of_last(std::vector<std::uint64_t> const& values) noexcept {
    std::uint64_t sum = 0;
    for (std::size_t i = values.size() - width; i < values.size(); ++i) sum += values[i];
    return sum;
}

}  // namespace layers

/// A sum to which children add from several threads, each thread in a cell of its own: about 5 ns a child, where a
/// single atomic would measure the caches' traffic.
class tally {
public:
    void add(std::uint64_t value) noexcept { cells_[mine()].value.fetch_add(value, std::memory_order_relaxed); }
    /// What has been added since the last call. Requires: nobody adds.
    std::uint64_t take() noexcept {
        std::uint64_t sum = 0;
        for (cell& each : cells_) sum += each.value.exchange(0, std::memory_order_relaxed);
        return sum;
    }

private:
    struct alignas(64) cell {
        std::atomic<std::uint64_t> value{0};
    };
    static constexpr std::size_t cells = 16;

    static std::size_t mine() noexcept {
        static std::atomic<std::size_t> threads{0};
        thread_local std::size_t const place = threads.fetch_add(1, std::memory_order_relaxed) % cells;
        return place;
    }

    std::array<cell, cells> cells_;
};

}  // namespace workload
