#include "series.hpp"

#include "workload.hpp"

#include <vector>

namespace bench {

std::uint64_t sum_of_hashes(std::size_t children) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < children; ++i) sum += workload::hash(i);
    return sum;
}

std::uint64_t sum_of_microseconds(std::size_t children) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < children; ++i) sum += workload::microsecond(i);
    return sum;
}

std::uint64_t end_of_chain(std::size_t nodes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < nodes; ++i) value = workload::link(value);
    return value;
}

std::uint64_t sum_of_last_layer(std::size_t nodes) {
    std::vector<std::uint64_t> values(nodes);
    for (std::size_t i = 0; i < nodes; ++i) values[i] = workload::layers::value(values, i);
    return workload::layers::sum_of_last(values);
}

std::uint64_t sum_of_long_bodies(std::size_t bodies) { return bodies; }

}  // namespace bench
