// The counters of one spec, or of one expansion's children, written by tasks and read by anyone.
#pragma once

#include "frond/run/event.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace frond {

/// Each counter only says how many: no other memory depends on its value, so every access is relaxed.
struct alignas(64) task_counters {
    std::atomic<std::uint64_t> yielded{0};
    std::atomic<std::uint64_t> running{0};
    std::atomic<std::uint64_t> ended[6]{};  // by task_state; [0] is not used

    void add(task_state state, std::uint64_t count = 1) noexcept {
        ended[static_cast<std::size_t>(state)].fetch_add(count, std::memory_order_relaxed);
    }
    std::uint64_t ended_as(task_state state) const noexcept {
        return ended[static_cast<std::size_t>(state)].load(std::memory_order_relaxed);
    }
    /// Read from the end of a task's life to its beginning, and made to fit where a counter comes late:
    /// running + ended <= yielded.
    counters read() const noexcept {
        counters now;
        now.succeeded = ended_as(task_state::succeeded);
        now.failed = ended_as(task_state::failed);
        now.cancelled = ended_as(task_state::cancelled);
        now.skipped = ended_as(task_state::skipped);
        now.timed_out = ended_as(task_state::timed_out);
        now.running = running.load(std::memory_order_relaxed);
        now.yielded = yielded.load(std::memory_order_relaxed);
        now.yielded = std::max(now.yielded, now.ended());
        now.running = std::min(now.running, now.yielded - now.ended());
        return now;
    }
};

}  // namespace frond
