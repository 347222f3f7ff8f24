// Whether the bodies of unknown cost that a run has seen were short.
#pragma once

#include "frond/plan/detail/body_cost.hpp"

#include <atomic>

namespace frond {

/// A body of unknown cost counts as long until 32 of them in a row were short; then the next one is probably short,
/// too. Else a graph of many trivial nodes that is run only once would pay a post for each node.
/// Thread: any; a hint, so every access is relaxed.
class first_bodies {
public:
    bool may_be_long() const noexcept { return short_in_a_row_.load(std::memory_order_relaxed) < enough; }
    void learn(duration took) noexcept {
        unsigned const before = short_in_a_row_.load(std::memory_order_relaxed);
        if (took >= body_cost::dear) {
            short_in_a_row_.store(0, std::memory_order_relaxed);
        } else if (before < enough) {
            short_in_a_row_.store(before + 1, std::memory_order_relaxed);
        }
    }

private:
    static constexpr unsigned enough = 32;

    std::atomic<unsigned> short_in_a_row_{0};
};

}  // namespace frond
