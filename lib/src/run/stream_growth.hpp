// Counts how much the streams of a run have grown so that nothing stands still, and bounds it. Knows no stream.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace frond {

/// Invariant: streams never hold more than `most` bytes beside the room that each stream has from the beginning.
/// Thread: any.
class stream_growth {
public:
    explicit stream_growth(std::size_t most) noexcept : most_(most) {}

    /// Reserves so many bytes for the growth of a stream; pair with give. False: not so many are left.
    bool take(std::size_t bytes) noexcept {
        std::size_t taken = taken_.load(std::memory_order_relaxed);
        do {
            if (bytes > most_ - taken) return false;
        } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
        return true;
    }
    void give(std::size_t bytes) noexcept { taken_.fetch_sub(bytes, std::memory_order_relaxed); }

    /// Counts a growth: a stream may hold so many chunks now.
    void count(std::uint64_t chunks) noexcept {
        times_.fetch_add(1, std::memory_order_relaxed);
        std::uint64_t seen = most_chunks_.load(std::memory_order_relaxed);
        while (seen < chunks && !most_chunks_.compare_exchange_weak(seen, chunks, std::memory_order_relaxed)) {
        }
    }
    std::uint64_t times() const noexcept { return times_.load(std::memory_order_relaxed); }
    std::uint64_t most_chunks() const noexcept { return most_chunks_.load(std::memory_order_relaxed); }

private:
    std::size_t const most_;
    std::atomic<std::size_t> taken_{0};  // only a count
    std::atomic<std::uint64_t> times_{0};
    std::atomic<std::uint64_t> most_chunks_{0};  // 0: none has grown
};

}  // namespace frond
