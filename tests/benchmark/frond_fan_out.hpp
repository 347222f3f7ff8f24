// The graph of the trivial fan-out, which is measured by itself and with hooks.
#pragma once

#include "workload.hpp"

#include <frond/frond.hpp>

#include <cstdint>
#include <utility>

namespace bench {

using number_of_children = frond::input<"children", std::uint64_t>;

template <auto Body>
frond::async<std::uint64_t> sum_of(frond::each<Body> values) {
    std::uint64_t sum = 0;
    while (auto const value = co_await values.next()) sum += *value;
    co_return sum;
}

namespace fan_out_graph {

inline frond::expander<std::uint64_t> child(number_of_children count) {
    for (std::uint64_t i = 0; i < *count; ++i) co_yield i;
}
inline std::uint64_t hash(frond::in<child> index) { return workload::hash(*index); }
inline frond::async<std::uint64_t> sum(frond::each<hash> values) { return sum_of(std::move(values)); }

}  // namespace fan_out_graph

}  // namespace bench
