#include "body_fiber.hpp"

#include "frond/base/detail/working_thread.hpp"
#include "instance.hpp"
#include "run_core.hpp"

namespace frond {

body_fiber::body_fiber(task_context& of, failure_domain& domain, executor& home, stopped on_stop) noexcept
    : fiber(home, on_stop, home.concurrency() != 1 ? &body_fiber::go_on_among_others : &body_fiber::go_on_alone) {
    context = &of;
    wait_.domain = &domain;
    wait_.fiber = this;
}

run_core& body_fiber::run_of_task() const noexcept { return task().in->run; }

void body_fiber::enter_room() noexcept {
    note_wait();
    run_of_task().room.enter(wait_);
}

void body_fiber::leave_room() noexcept { run_of_task().room.leave(wait_); }

void body_fiber::interrupt_wait() noexcept { run_of_task().room.interrupt(wait_); }

// The frames have just come back to their driver.
void body_fiber::note_wait() noexcept {
    if (waits_outside()) wait_.since.store(run_of_task().time().now(), std::memory_order_relaxed);
}

// ---- woken

void body_fiber::go_on() noexcept {
    wait_.since.store(time_point(), std::memory_order_relaxed);
    resume_woken();
    note_wait();
}

// On an executor of one thread no other thread could run work that waits behind the body.
void body_fiber::go_on_alone(fiber& self) noexcept { static_cast<body_fiber&>(self).go_on(); }

// Learns the cost of the body from its wake on.
void body_fiber::go_on_among_others(fiber& self) noexcept {
    auto& me = static_cast<body_fiber&>(self);
    body_cost const& cost = me.task().spec->woken_cost;
    working_thread* const thread = pump::thread_here();
    if (!cost.may_be_long()) {
        me.go_on();
        if (thread != nullptr && thread->was_relieved()) cost.forget();
        return;
    }
    if (!pump::current()->idle()) pump::current()->hand_over();
    clock const& time = me.run_of_task().time();
    time_point const began = time.now();
    me.go_on();
    cost.learn(time.now() - began);
}

}  // namespace frond
