// How far a failure or a cancellation reaches: the run, or one child of an expansion whose collectors all take results.
//
// Decides nothing about tasks: a domain remembers the first error, counts the others,
// and interrupts the fibers that wait in it.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/error.hpp"
#include "frond/base/fiber.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace frond {

class failure_domain;

/// A fiber that waits and can be interrupted; linked while it waits.
struct interruptible_wait {
    failure_domain* domain = nullptr;
    frond::fiber* fiber = nullptr;
    interruptible_wait* previous = nullptr;
    interruptible_wait* next = nullptr;
    bool waiting = false;
    /// When the fiber began to wait for something outside the run; zero: it runs, or waits for tasks of the run. A hint.
    std::atomic<time_point> since{time_point()};
};

/// All fibers that wait in one run. A fiber is in the list from before it parks until it has stopped.
class waiting_room {
public:
    /// Interrupts the fiber at once if its domain is cancelled already.
    void enter(interruptible_wait& wait) noexcept;
    void leave(interruptible_wait& wait) noexcept;
    /// Interrupts this fiber, if it waits.
    void interrupt(interruptible_wait& wait) noexcept;
    /// Interrupts all fibers that wait within a domain.
    void interrupt(failure_domain const& domain) noexcept;
    /// Calls `act(wait)` for the fibers that came first, at most `most` of them. They live until it returns.
    template <class Act>
    void look_at_oldest(std::size_t most, Act act) const {
        std::lock_guard const guard(mutex_);
        for (auto const* wait = oldest_; wait != nullptr && most != 0; wait = wait->previous, --most) act(*wait);
    }
    /// Calls `act(of)` whenever a domain is interrupted, for things that wait elsewhere.
    /// Must be called before the first `enter`.
    void on_interruption(void (*act)(void* of) noexcept, void* of) noexcept {
        act_ = act;
        act_of_ = of;
    }

private:
    mutable std::mutex mutex_;  // guards the list, and keeps its fibers alive while they are interrupted or looked at
    interruptible_wait* newest_ = nullptr;
    interruptible_wait* oldest_ = nullptr;
    void (*act_)(void*) noexcept = nullptr;  // null: nothing waits elsewhere
    void* act_of_ = nullptr;
};

/// Invariants: once cancelled, always cancelled; `outcome()` is the error that came first, with the others attached.
/// Thread: any.
class failure_domain {
public:
    explicit failure_domain(failure_domain const* outer) noexcept : outer_(outer) {}

    /// Keeps the error; the first error cancels the domain. `others_wait`: other fibers of the domain may be waiting.
    /// Requires: the error is no cancellation.
    void fail(error failure, waiting_room& room, bool others_wait) noexcept;
    /// Cancels the domain from outside. No effect if it has failed or was cancelled before.
    void cancel(waiting_room& room) noexcept;
    /// How the end of a body of this domain counts, see error::judged.
    error judged(error const& failure) const noexcept { return failure.judged(cancelled()); }
    /// Adds what an interceptor failed with: a failure that there is already stays, and this one is attached to it. A
    /// cancellation gives way to any other failure.
    void add(error const& failure, std::optional<error>& to) const noexcept;

    /// True if nothing new must start: this domain or one around it has been cancelled.
    bool cancelled() const noexcept {
        for (auto const* domain = this; domain != nullptr; domain = domain->outer_) {
            if (domain->cancelled_.load(std::memory_order_acquire)) return true;
        }
        return false;
    }
    bool within(failure_domain const& other) const noexcept;

    /// The first error with the others attached, after those that it has already; a cancellation if there was none, and
    /// out_of_memory if none could be kept.
    error outcome() const;
    /// The errors so far, in the order in which they came; the first `kept` of them.
    std::vector<error> failures() const;
    std::uint64_t failures_total() const;

private:
    static constexpr std::size_t kept = 16;

    bool keep(error&& failure) noexcept;

    failure_domain const* outer_;
    std::atomic<bool> cancelled_{false};  // set after the first error is kept
    mutable std::mutex mutex_;            // guards what follows
    std::vector<error> errors_;           // the first `kept`
    std::uint64_t total_ = 0;
};

}  // namespace frond
