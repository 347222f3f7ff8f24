// What is known of the threads that run an executor, or all executors of one context.
#pragma once

#include <atomic>
#include <cstdint>

namespace frond {

/// Thread: any.
class known_threads {
public:
    // simulated: not the operating system's, so `thread_watch` has nothing to look at.
    // perhaps_one: real ones, of which one has worked so far. No other thread may post to the executor.
    // several: real ones.
    enum class number : std::uint8_t { simulated, perhaps_one, several };

    explicit known_threads(number known) noexcept : known_(known) {}

    /// The calling thread begins to work; `here` tells it from others. True if `thread_watch` looks after the threads.
    bool comes(void const* here) noexcept {
        number const known = known_.load(std::memory_order_relaxed);
        return known == number::several || (known == number::perhaps_one && is_second(here));
    }
    bool perhaps_one() const noexcept { return known_.load(std::memory_order_relaxed) == number::perhaps_one; }

private:
    bool is_second(void const* here) noexcept {
        void const* first = first_.load(std::memory_order_relaxed);
        if (first == here) return false;
        if (first == nullptr && first_.compare_exchange_strong(first, here, std::memory_order_relaxed)) return false;
        known_.store(number::several, std::memory_order_relaxed);
        return true;
    }

    std::atomic<number> known_;
    std::atomic<void const*> first_{nullptr};  // the first thread that has worked; only compared
};

}  // namespace frond
