// The executor that an Asio operation sees when one of frond's coroutines awaits it: the home of the coroutine's fiber.
//
// The steps of a composed operation run behind the fiber's gate, so that no cancellation is emitted beside them: Asio asks
// for a strand there, and this is one for a single fiber.
#pragma once

#include "frond/asio/detail/handler_memory.hpp"
#include "frond/asio/executor.hpp"
#include "frond/base/fiber.hpp"

#include <cstddef>
#include <new>
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
        void* const memory = take_memory(*fiber_, sizeof(item));
        auto* const made = ::new (memory) item(*fiber_, std::forward<Function>(function));
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
    struct queued : work {
        template <class F>
        queued(fiber& of, F&& call) : work(&queued::run_once), owner(of), function(std::forward<F>(call)) {}

        static void run_once(work& self) noexcept {
            auto* const me = static_cast<queued*>(&self);
            fiber& of = me->owner;
            Function function = std::move(me->function);
            // First: the function may begin the operation's next step.
            me->~queued();
            give_memory(of, me, sizeof(queued));
            if (of.home().is_gone()) return;  // the operation's handler goes with the function, and wakes the fiber
            of.lock_gate();
            std::move(function)();
            of.unlock_gate();
        }

        fiber& owner;
        Function function;
    };

    /// Of the pool, or of the operation, which has room for one step at a time.
    /// Errors: throws std::bad_alloc, where a step is larger than that room, or is not the only one.
    static void* take_memory(fiber& of, std::size_t size) {
        try {
            return frame_pool::take(size);
        } catch (std::bad_alloc const&) {
            if (of.step_memory == nullptr) throw;
            void* const room = of.step_memory->take(size);
            if (room == nullptr) throw;
            return room;
        }
    }
    static void give_memory(fiber& of, void* memory, std::size_t size) noexcept {
        if (of.step_memory != nullptr && of.step_memory->give(memory)) return;
        frame_pool::give(memory, size);
    }

    fiber_executor(fiber& of, bool may_block) noexcept : fiber_(&of), may_block_(may_block) {}

    fiber* fiber_;
    bool may_block_ = true;
};

}  // namespace frond
