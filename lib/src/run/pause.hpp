// Waiting for a while on the run's clock, inside a coroutine. A cancellation ends it early.
#pragma once

#include "frond/base/clock.hpp"
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
        alarm_.when = time_.now() + how_long_;
        time_.wait(alarm_);
    }
    bool await_resume() const noexcept { return !interrupted_; }

private:
    struct waking : alarm {
        explicit waking(pause& owner) noexcept
            : alarm([](work& self) noexcept { static_cast<waking&>(self).of.on_->wake(); }), of(owner) {}
        pause& of;
    };
    struct interrupting : fiber::interrupt {
        explicit interrupting(pause& owner) noexcept
            : fiber::interrupt([](fiber::interrupt& self) noexcept {
                  pause& me = static_cast<interrupting&>(self).of;
                  // An alarm that has gone off already is on its way, and wakes the fiber.
                  if (!me.time_.cancel(me.alarm_)) return;
                  me.interrupted_ = true;
                  me.on_->wake();
              }),
              of(owner) {}
        pause& of;
    };

    clock& time_;
    duration how_long_;
    waking alarm_;
    interrupting interrupt_;
    fiber* on_ = nullptr;
    bool interrupted_ = false;
};

}  // namespace frond
