// Where bodies wait for each other, each holding the thread that it runs on: they get through only if they run at once.
#pragma once

#include "environment.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

namespace stress {

/// How often each meeting is repeated: FROND_REPEATS times.
inline std::uint64_t repeats() {
    static std::uint64_t const asked = number_from_environment("FROND_REPEATS", 10);
    return asked;
}

/// Computes for about 0.1 ms without looking at a clock: far more than a body that a run may take for short.
inline void compute() noexcept {
    // Volatile: else a compiler sees that nobody wants the number.
    std::uint64_t volatile number = 1;
    for (int round = 0; round < 50'000; ++round) number = number * 0x9e3779b97f4a7c15 + 1;
}

/// Lets its parties through once they are all there, again and again.
///
/// Invariant: once it has been given up, nobody waits in it.
/// Thread: any.
class meeting {
public:
    explicit meeting(unsigned parties) noexcept : parties_(parties) {}

    /// Blocks until all parties have come. If they do not come, gives up and lets everybody go.
    void join() {
        std::unique_lock lock(mutex_);
        if (given_up_) return;
        if (++waiting_ == parties_) {
            waiting_ = 0;
            ++held_;
            changed_.notify_all();
            return;
        }
        unsigned const this_one = held_;
        auto const over = [&] { return held_ != this_one || given_up_; };
        if (changed_.wait_for(lock, patience(), over)) return;
        given_up_ = true;
        changed_.notify_all();
    }

    /// True for whoever asks first.
    bool is_first() {
        std::lock_guard const guard(mutex_);
        return std::exchange(nobody_asked_, false);
    }

    /// How often all parties have met; 0 if they once have not.
    unsigned held() const {
        std::lock_guard const guard(mutex_);
        return given_up_ ? 0 : held_;
    }

private:
    unsigned const parties_;
    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    unsigned waiting_ = 0;
    unsigned held_ = 0;
    bool given_up_ = false;
    bool nobody_asked_ = true;
};

/// What every long body of these tests does: it computes, and then needs the other parties on threads of their own.
inline void compute_and_join(meeting& at) {
    compute();
    at.join();
}

}  // namespace stress
