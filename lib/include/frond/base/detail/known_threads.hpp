// A record of the threads that run an executor, or that run all executors of one context.
#pragma once

#include <atomic>
#include <cstdint>

namespace frond {

/// Thread: any.
class known_threads {
public:
    // simulated: the threads are not the operating system's, so `thread_watch` has nothing to look at.
    // perhaps_one: only one real thread has worked so far. No other thread may post to the executor.
    // several: a second real thread has worked, or the executor has said that it has several.
    enum class number : std::uint8_t { simulated, perhaps_one, several };

    explicit known_threads(number known) noexcept : known_(known) {}

    /// The calling thread begins to work; `here` tells it from others. True if `thread_watch` looks after the threads.
    bool comes(void const* here) noexcept {
        number const known = known_.load(std::memory_order_relaxed);
        return known == number::several || (known == number::perhaps_one && is_second(here));
    }
    bool perhaps_one() const noexcept { return known_.load(std::memory_order_relaxed) == number::perhaps_one; }

    /// True: the caller is to post a call, which any thread may answer. One call at a time waits for an answer.
    bool may_call() noexcept { return perhaps_one() && !called_.exchange(true, std::memory_order_relaxed); }
    /// The calling thread answers the call. True as in `comes`.
    bool answers(void const* here) noexcept {
        call_is_over();
        return comes(here);
    }
    void call_is_over() noexcept { called_.store(false, std::memory_order_relaxed); }

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
    std::atomic<bool> called_{false};          // a call waits for an answer
};

}  // namespace frond
