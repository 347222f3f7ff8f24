// What a run has seen of bodies whose plan knew nothing of them.
#pragma once

#include "frond/plan/body_cost.hpp"

#include <atomic>

namespace frond {

/// A body of unknown cost is thought to be long until so many of them in a row were short that the next one probably is, too: a graph
/// of many trivial nodes that is run only once would else pay a post for each.
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
