// A world of its own for the library: executors and a clock whose every choice comes from a seed.
//
// Each step takes one of all the items that are ready, on whichever executor, or moves time to the next alarm: that,
// too, is one of the choices while work is ready, since a lost wake-up would else hide behind an idle moment. Threads
// are modelled by the interleaving of posted items. How the choices are weighed (fair, newest first, an executor that
// starves, time that flies or creeps) is drawn once for each seed, so that many seeds see very different schedules.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dice.hpp"
#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/base/error.hpp"

namespace frond::simulation {

class sleep_awaiter;
class yield_awaiter;

/// Nothing can happen any more, or things happen for ever, and what was waited for has not come.
struct hang {};

/// Thread: one; everything happens inside `step`.
class simulator final : public clock {
public:
    /// `concurrency` is what the first executor says of itself.
    simulator(std::uint64_t seed, unsigned concurrency);
    ~simulator();

    std::uint64_t seed() const noexcept { return seed_; }
    /// For the test's own choices: sizes, failures, moments.
    dice& random() noexcept { return test_dice_; }

    executor& on() noexcept;
    executor& add_executor(unsigned concurrency);

    /// Does one thing. Gives false if there is nothing to do.
    bool step();
    /// Steps until `over`. Errors: throws `hang`, after having told of it.
    void run_until(std::function<bool()> const& over);
    /// Steps until nothing is left to do.
    void run_out();
    bool idle() const noexcept { return ready_.empty() && alarms_.empty() && moments_.empty(); }

    /// From here on time moves only when nothing is ready, and no look at the clock moves it: how long something takes is then
    /// what its waits come to, whatever the schedule.
    void only_waits_take_time() noexcept { time_percent_ = drift_ = 0; }

    /// `how` is called once, inside a later step that the seed chooses, on no executor's thread.
    void at_some_moment(std::function<void()> how);

    // ---- for bodies

    /// The code that runs takes so long.
    void compute(duration how_long) noexcept { now_ += how_long; }

    /// Waits in virtual time. Interrupted, it throws bad_result(operation_canceled).
    sleep_awaiter sleep(duration how_long) noexcept;
    /// Lets others go first, or not. The same on cancellation.
    yield_awaiter yield() noexcept;

    // ---- the clock
    time_point now() const noexcept override;
    void wait(alarm& item) noexcept override;
    bool cancel(alarm& item) noexcept override;

    // ---- promises

    /// Notes a broken promise. Does not throw, so that it may be used inside bodies and hooks.
    void expect(bool kept, std::string_view promise) noexcept;
    /// The first one that was broken; empty if none was.
    std::string const& broken() const noexcept { return broken_; }
    /// A digest of all choices so far: the same for the same seed.
    std::uint64_t trace() const noexcept { return trace_; }
    std::uint64_t steps() const noexcept { return steps_; }

private:
    class simulated_executor;
    struct ready_item {
        work* item;
        simulated_executor* on;
    };
    enum class order : std::uint8_t { fair, newest, oldest, starving };

    friend class yield_awaiter;

    bool time_moves();
    void run_ready();
    void fire_next();
    std::size_t choose_ready();
    void remove_alarm(std::size_t at) noexcept;
    void place_alarm(alarm& item, std::size_t at) noexcept;

    std::uint64_t seed_;
    dice schedule_dice_;
    mutable dice clock_dice_;
    dice test_dice_;
    std::deque<simulated_executor> executors_;
    std::vector<ready_item> ready_;
    std::vector<alarm*> alarms_;  // an alarm's slot is its place here
    std::vector<std::function<void()>> moments_;

    // Drawn once: how this seed's schedules are.
    order order_;
    unsigned time_percent_;    // how often time moves though work is ready
    unsigned inline_percent_;  // how often dispatch from outside runs at once
    unsigned drift_;           // by up to how many microseconds each look at the clock moves it
    simulated_executor* starved_ = nullptr;

    mutable time_point now_{};
    std::uint64_t steps_ = 0;
    std::uint64_t trace_ = 0;
    bool stepping_ = false;
    std::string broken_;
};

/// Waits for an alarm; a cancellation takes the alarm back.
class [[nodiscard]] sleep_awaiter {
public:
    sleep_awaiter(simulator& world, duration how_long) noexcept
        : world_(world), how_long_(how_long), alarm_(*this), interrupt_(*this) {}

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        suspend(frame, *frame.promise().on);
    }
    void await_resume() const {
        if (interrupted_) throw bad_result(error::canceled());
    }

private:
    struct waking : alarm {
        explicit waking(sleep_awaiter& of) noexcept;
        sleep_awaiter& of;
    };
    struct interrupting : fiber::interrupt {
        explicit interrupting(sleep_awaiter& of) noexcept;
        sleep_awaiter& of;
    };

    void suspend(std::coroutine_handle<> frame, fiber& on) noexcept;

    simulator& world_;
    duration how_long_;
    fiber* on_ = nullptr;
    bool interrupted_ = false;
    waking alarm_;
    interrupting interrupt_;
};

/// Goes to the end of the executor's queue, or is woken before it has even parked.
class [[nodiscard]] yield_awaiter {
public:
    explicit yield_awaiter(simulator& world) noexcept : world_(world), item_(*this) {}

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        suspend(frame, *frame.promise().on);
    }
    void await_resume() const {
        if (on_->cancel_requested()) throw bad_result(error::canceled());
    }

private:
    struct waking : work {
        explicit waking(yield_awaiter& of) noexcept;
        yield_awaiter& of;
    };

    void suspend(std::coroutine_handle<> frame, fiber& on) noexcept;

    simulator& world_;
    fiber* on_ = nullptr;
    waking item_;
};

inline sleep_awaiter simulator::sleep(duration how_long) noexcept { return sleep_awaiter(*this, how_long); }
inline yield_awaiter simulator::yield() noexcept { return yield_awaiter(*this); }

}  // namespace frond::simulation
