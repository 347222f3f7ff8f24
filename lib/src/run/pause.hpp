// Waiting for a while on the run's clock, inside a coroutine. A cancellation ends it early.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/fiber.hpp"

#include <coroutine>

namespace frond {

/// `co_await` gives false if the pause was interrupted.
class pause {
public:
    pause(clock& time, duration how_long) noexcept
        : time_(time), how_long_(how_long), alarm_(*this), interrupt_(*this) {}
    pause(pause const&) = delete;
    pause& operator=(pause const&) = delete;

    bool await_ready() const noexcept { return how_long_ <= duration::zero(); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        on_ = frame.promise().on;
        on_->suspend_at(frame);
        on_->interruptible(interrupt_);
        alarm_.on = &on_->home();
        alarm_.when = detail::later(time_.now(), how_long_);
        time_.wait(alarm_);
    }
    bool await_resume() const noexcept { return !interrupted_; }

private:
    void over() noexcept { on_->wake(); }
    void interrupt() noexcept {
        // An alarm that has gone off already is on its way, and wakes the fiber.
        if (!time_.cancel(alarm_)) return;
        interrupted_ = true;
        on_->wake();
    }

    clock& time_;
    duration how_long_;
    calls<alarm, &pause::over> alarm_{*this};
    calls<fiber::interrupt, &pause::interrupt> interrupt_{*this};
    fiber* on_ = nullptr;
    bool interrupted_ = false;
};

}  // namespace frond
