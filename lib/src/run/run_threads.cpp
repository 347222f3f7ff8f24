#include "run_threads.hpp"

#include <cassert>

namespace frond {

namespace {

// Lanes of one expansion. Only a free thread takes up an invitation, so where the threads are not known there need be
// no closer bound.
constexpr unsigned most_lanes = 256;
constexpr int vain_helpers_before_fewer = 3;
constexpr int lanes_before_alone = 16;

}  // namespace

void run_threads::begin(unsigned concurrency, unsigned machine) noexcept {
    assert(machine != 0);
    single_ = concurrency == 1;
    known_ = concurrency != 0;
    width_ = known_ ? concurrency : most_lanes;
    helpers_.store(static_cast<int>(known_ ? concurrency : machine) - 1, std::memory_order_relaxed);
}

bool run_threads::take_helper() noexcept {
    int seen = helpers_.load(std::memory_order_relaxed);
    while (seen > 0) {
        if (helpers_.compare_exchange_weak(seen, seen - 1, std::memory_order_relaxed)) return true;
    }
    return false;
}

void run_threads::helper_was_in_vain() noexcept {
    if (vain_.fetch_add(1, std::memory_order_relaxed) >= vain_helpers_before_fewer) {
        // The lane gives its credit back when it leaves. This takes one away in its place.
        helpers_.fetch_sub(1, std::memory_order_relaxed);
    }
}

void run_threads::invited_came(bool on_other_thread) noexcept {
    if (known_) return;
    if (on_other_thread) {
        on_same_thread_.store(0, std::memory_order_relaxed);
        alone_.store(false, std::memory_order_relaxed);
        return;
    }
    if (on_same_thread_.fetch_add(1, std::memory_order_relaxed) >= lanes_before_alone) {
        alone_.store(true, std::memory_order_relaxed);
    }
}

}  // namespace frond
