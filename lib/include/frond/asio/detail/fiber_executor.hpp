// The executor that an Asio operation sees when one of frond's coroutines awaits it: the home of the coroutine's fiber.
//
// The steps of a composed operation run behind the fiber's gate, so that no cancellation is emitted beside them: Asio asks
// for a strand there, and this is one for a single fiber.
#pragma once

#include "frond/asio/executor.hpp"
#include "frond/base/fiber.hpp"

#include <type_traits>
#include <utility>

namespace frond {

/// Thread: any. Copies refer to the same fiber, which outlives the operation.
class fiber_executor {
public:
    explicit fiber_executor(fiber& of) noexcept : fiber_(&of) {}

    fiber& of() const noexcept { return *fiber_; }

    template <class Function>
    void execute(Function&& function) const {
        using item = queued<std::decay_t<Function>>;
        auto* const made = new item(*fiber_, std::forward<Function>(function));
        if (may_block_) {
            fiber_->home().wake(*made);
        } else {
            fiber_->home().post(*made);
        }
    }

    fiber_executor require(net::execution::blocking_t::never_t) const noexcept {
        return fiber_executor(*fiber_, false);
    }
    fiber_executor require(net::execution::blocking_t::possibly_t) const noexcept {
        return fiber_executor(*fiber_, true);
    }
    net::execution::blocking_t query(net::execution::blocking_t) const noexcept {
        return may_block_ ? net::execution::blocking_t(net::execution::blocking.possibly)
                          : net::execution::blocking_t(net::execution::blocking.never);
    }

    friend bool operator==(fiber_executor const& a, fiber_executor const& b) noexcept { return a.fiber_ == b.fiber_; }
    friend bool operator!=(fiber_executor const& a, fiber_executor const& b) noexcept { return !(a == b); }

private:
    template <class Function>
    struct queued : work, frame_pool::pooled {
        template <class F>
        queued(fiber& of, F&& call) : work(&queued::run_once), owner(of), function(std::forward<F>(call)) {}

        static void run_once(work& self) noexcept {
            auto* const me = static_cast<queued*>(&self);
            if (me->owner.home().is_gone()) {
                delete me;  // and with it the operation's handler, which wakes the fiber
                return;
            }
            Function function = std::move(me->function);
            fiber& of = me->owner;
            delete me;  // first: the function may begin the operation's next step
            of.lock_gate();
            std::move(function)();
            of.unlock_gate();
        }

        fiber& owner;
        Function function;
    };

    fiber_executor(fiber& of, bool may_block) noexcept : fiber_(&of), may_block_(may_block) {}

    fiber* fiber_;
    bool may_block_ = true;
};

}  // namespace frond
