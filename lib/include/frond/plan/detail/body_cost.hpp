// What the bodies of a task spec took lately: how a run knows, before it starts one, whether a thread will be away for long.
//
// Kept in the plan, so that what one run learns the next one knows.
#pragma once

#include "frond/base/clock.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace frond {

/// A hint, shared by all runs of a plan: no other memory depends on its value, so every access is relaxed.
/// Thread: any.
class body_cost {
public:
    /// A body that takes this long is worth what it costs to hand the work behind it to another thread.
    static constexpr duration dear = std::chrono::microseconds(20);
    /// A body that takes less is over before another thread could have helped.
    static constexpr duration trivial = std::chrono::nanoseconds(200);

    body_cost() noexcept = default;
    body_cost(body_cost const& other) noexcept : nanoseconds_(other.get()) {}
    body_cost& operator=(body_cost const& other) noexcept {
        set(other.get());
        return *this;
    }

    bool is_unknown() const noexcept { return get() == unknown; }
    bool is_dear() const noexcept { return get() >= in_nanoseconds(dear); }
    bool is_trivial() const noexcept { return get() - 1 < in_nanoseconds(trivial) - 1; }
    /// True if one body that was not trivial would not change what is known.
    bool is_surely_trivial() const noexcept { return get() - 1 < in_nanoseconds(trivial) / 2 - 1; }
    /// True if the next body may keep its thread for long: bodies did lately, or nothing is known of them.
    bool may_be_long() const noexcept { return get() - 1 >= in_nanoseconds(dear) - 1; }

    /// A body has taken so long. One that was dear among short ones is doubted, since the machine may have been busy with
    /// something else: the second one in a row is believed. So is the second one that was not trivial among trivial ones.
    void learn(duration took) const noexcept {
        auto const now = static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count(), 1, most));
        std::uint32_t const before = get();
        std::uint32_t next = now;
        if (is_short(before) && before != doubtful) {
            if (now >= in_nanoseconds(dear)) {
                next = doubtful;
            } else {
                // Half of the way; a store that changes little would only trouble the other threads.
                next = now > before ? before + (now - before) / 2 : before - (before - now) / 2;
                if (is_surely_trivial()) next = std::min(next, in_nanoseconds(trivial) - 1);
                if (next < before + before / 4 && next > before - before / 8) return;
            }
        }
        set(next);
    }
    /// One of several bodies was dear, and this may have been the one. It is doubted, and forgotten at the second time.
    void doubt() const noexcept { set(get() == doubtful ? unknown : doubtful); }
    /// The next body is like the first one.
    void forget() const noexcept { set(unknown); }

private:
    static constexpr std::uint32_t in_nanoseconds(duration time) noexcept {
        return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
    }
    static constexpr std::uint32_t unknown = 0;
    static constexpr std::uint32_t doubtful = 19'999;  // short, but the last one was dear
    static constexpr std::int64_t most = 200'000;
    static constexpr bool is_short(std::uint32_t cost) noexcept {
        return cost != unknown && cost < in_nanoseconds(dear);
    }

    std::uint32_t get() const noexcept { return nanoseconds_.load(std::memory_order_relaxed); }
    void set(std::uint32_t cost) const noexcept { nanoseconds_.store(cost, std::memory_order_relaxed); }

    mutable std::atomic<std::uint32_t> nanoseconds_{unknown};
};

}  // namespace frond
