// What the tests of coroutines stand on: an executor that runs when told to, a driver, and something to wait for.
#pragma once

#include "frond/base/async.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace by_hand {

/// Keeps what is posted until the test runs it, on the test's thread. Says that so many threads run it.
class executor final : public frond::executor {
public:
    explicit executor(unsigned threads = 1) noexcept : threads_(threads) {}

    void post(frond::work& item) noexcept override {
        ready_.push_back(item);
        ++posted;
    }
    void defer(frond::work& item) noexcept override {
        ready_.push_back(item);
        ++deferred;
    }
    void dispatch(frond::work& item) noexcept override { post(item); }
    unsigned concurrency() const noexcept override { return threads_; }

    bool idle() const noexcept { return ready_.empty(); }
    bool run_one() noexcept {
        if (idle()) return false;
        frond::pump::drive_posted(ready_.pop_front(), *this);
        return true;
    }
    void run() noexcept {
        while (run_one()) {
        }
    }

    int posted = 0;    // so far
    int deferred = 0;  // so far

private:
    unsigned const threads_;
    frond::work_list ready_;
};

/// Drives an async as a fiber of its own and remembers how it ended.
template <class T>
class driver : public frond::fiber {
public:
    driver(frond::executor& home, frond::async<T> body)
        : fiber(home, &driver::on_stop), body_(std::move(body)), begin_(*this) {}

    /// Runs it now, in a pump, until it waits or has stopped.
    void start() { frond::pump::drive(begin_, home()); }

    bool stopped() const noexcept { return ended_ + told_ != 0; }
    int told() const noexcept { return told_; }  // how often `on_stop` was called
    /// The value, or the exception is thrown. Requires: stopped().
    T take() { return body_->take(); }
    /// Destroys the frames, suspended or not.
    void destroy() { body_.reset(); }

private:
    struct beginning : frond::work {
        explicit beginning(driver& owner) noexcept : work(&beginning::go), of(owner) {}
        static void go(frond::work& self) noexcept {
            driver& me = static_cast<beginning&>(self).of;
            if (me.run(me.body_->start_on(me))) ++me.ended_;
        }
        driver& of;
    };
    static void on_stop(frond::fiber& self) noexcept { ++static_cast<driver&>(self).told_; }

    std::optional<frond::async<T>> body_;
    beginning begin_;
    int ended_ = 0;  // how often `run` said so
    int told_ = 0;
};

/// What an async gives that never waits.
template <class T>
T run(frond::async<T> body) {
    executor here;
    driver<T> driven(here, std::move(body));
    driven.start();
    here.run();
    return driven.take();
}

/// Something to wait for. An interruption is counted, and wakes the waiting one if the test says so.
class event : frond::fiber::interrupt {
public:
    event() noexcept : interrupt(&event::emit) {}

    bool has_waiter() const noexcept { return waiter_ != nullptr; }
    void fire() noexcept { std::exchange(waiter_, nullptr)->wake(); }

    bool wakes_when_interrupted = false;
    int interrupted = 0;

    struct awaiter {
        event& of;
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            of.waiter_ = frame.promise().on;
            of.waiter_->suspend_at(frame);
            of.waiter_->interruptible(of);
            if (of.fires_at_once_) of.fire();
        }
        void await_resume() const noexcept {}
    };
    awaiter wait() noexcept { return {*this}; }
    /// It fires before the one who waits has left its frame.
    awaiter wait_for_what_comes_at_once() noexcept {
        fires_at_once_ = true;
        return {*this};
    }

private:
    static void emit(frond::fiber::interrupt& self) noexcept {
        event& me = static_cast<event&>(self);
        ++me.interrupted;
        if (me.wakes_when_interrupted) me.fire();
    }

    frond::fiber* waiter_ = nullptr;
    bool fires_at_once_ = false;
};

/// An object that counts how many of its kind are alive.
struct counted {
    static inline int alive = 0;

    counted() noexcept { ++alive; }
    counted(counted const&) noexcept { ++alive; }
    counted(counted&&) noexcept { ++alive; }
    counted& operator=(counted const&) = default;
    ~counted() { --alive; }
};

}  // namespace by_hand
