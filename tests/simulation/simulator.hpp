// A world of its own for the library: executors and a clock whose every choice comes from a seed.
//
// Each step takes one of all the items that are ready, on whichever executor, or moves time to the next alarm: that,
// too, is one of the choices while work is ready, since a lost wake-up would else hide behind an idle moment. How the
// choices are weighed (fair, newest first, an executor that starves, time that flies or creeps) is drawn once for each
// seed, so that many seeds see very different schedules.
//
// An executor has as many virtual threads as its concurrency says. An item runs on one that is free. While a body computes,
// its virtual thread is busy, and the world goes on: items of the same executor run on the other virtual threads. Only then
// does another thread of the operating system take part (baton.hpp); one steps at a time, so nothing here needs a lock.
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

#include "baton.hpp"
#include "dice.hpp"
#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/base/error.hpp"

namespace frond::simulation {

class sleep_awaiter;
class yield_awaiter;
class rendezvous;

/// Nothing can happen any more, or things happen for ever, and what was waited for has not come.
struct hang {};

/// Thread: one at a time; everything happens inside `step`, on the thread that holds the baton.
class simulator final : public clock {
public:
    /// `concurrency` is what the first executor says of itself, and how many threads it has; 0: it does not say, and has 1 to 3.
    simulator(std::uint64_t seed, unsigned concurrency);
    ~simulator();

    std::uint64_t seed() const noexcept { return seed_; }
    /// For the test's own choices: sizes, failures, moments.
    dice& random() noexcept { return test_dice_; }

    executor& on() noexcept;
    executor& add_executor(unsigned concurrency);
    /// One that has so many threads and does not say so.
    executor& add_silent_executor(unsigned threads);

    /// Does one thing. Gives false if there is nothing to do, or nothing can be done since all threads wait for each other.
    bool step();
    /// Steps until `over`. Errors: throws `hang`, after having told of it.
    void run_until(std::function<bool()> const& over);
    /// Steps until nothing is left to do.
    void run_out();
    bool idle() const noexcept { return ready_.empty() && alarms_.empty() && moments_.empty() && stopped_.empty(); }

    /// From here on time moves only when nothing is ready, and no look at the clock moves it: how long something takes is then
    /// what its waits come to, whatever the schedule.
    void only_waits_take_time() noexcept { time_percent_ = drift_ = 0; }

    /// `how` is called once, inside a later step that the seed chooses, on no executor's thread.
    void at_some_moment(std::function<void()> how);

    // ---- for bodies

    /// The code that runs takes so long, and keeps its thread for that time; what is ready may run on the other threads.
    void compute(duration how_long) noexcept;

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

    // A thread that has stopped in the midst of an item, and keeps its virtual thread.
    struct stopped_thread {
        baton::holder* who;
        time_point until;  // `never`: until its rendezvous is complete
    };
    static constexpr time_point never = time_point::max();

    friend class yield_awaiter;
    friend class rendezvous;

    bool time_moves();
    void run_ready(bool all);
    void fire_next();
    void fire_alarm(std::size_t at);
    std::size_t choose_ready(std::size_t count, bool all);
    void find_runnable();
    time_point next_time() const noexcept;
    bool undisturbed_until(time_point end);
    void stop(stopped_thread& self) noexcept;
    void go_on(std::size_t at) noexcept;
    void advance();
    void give_up(std::string_view broken_promise) noexcept;
    void throw_if_given_up();
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
    std::vector<stopped_thread*> stopped_;
    std::vector<std::size_t> runnable_;  // which of `ready_` have a free thread, while not all have
    void const* here_ = nullptr;         // the virtual thread that runs

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
    bool given_up_ = false;  // a hang was found: whoever has stopped goes on at once, so that it can be told
    std::string broken_;
    baton baton_;
};

/// Bodies that wait for each other, on threads that they keep: nobody leaves before so many have arrived.
class rendezvous {
public:
    rendezvous(simulator& world, unsigned count) noexcept : world_(world), count_(count) {}

    /// Returns when all have arrived, or when the world has found that they never will.
    void arrive() noexcept;

private:
    simulator& world_;
    unsigned const count_;
    std::vector<simulator::stopped_thread*> waiting_;
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
