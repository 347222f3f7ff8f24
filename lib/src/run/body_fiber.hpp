// The fiber of a body: of a node's coroutine, or of an expander.
//
// A cancellation of the body's domain interrupts its waits, and the run can tell for how long it has been waiting for
// something outside. Where a woken body may keep its thread for long, other threads first get what waits on that thread.
#pragma once

#include "failure_domain.hpp"
#include "frond/base/fiber.hpp"
#include "task_context.hpp"

namespace frond {

class run_core;

class body_fiber : public fiber {
public:
    /// `of`: the body's task. It and the domain outlive the fiber.
    body_fiber(task_context& of, failure_domain& domain, executor& home, stopped on_stop) noexcept;

    // ---- for the driver of the frames

    /// After `begin`, if the frames are suspended, and before `settle`: the body's waits can be interrupted from now on.
    void enter_room() noexcept;
    /// After `enter_room`, once the frames have stopped.
    void leave_room() noexcept;

    /// Interrupts the body's present wait, if it is in the room. Thread: any.
    void interrupt_wait() noexcept;

private:
    task_context const& task() const noexcept { return *static_cast<task_context*>(context); }
    run_core& run_of_task() const noexcept;
    void note_wait() noexcept;
    void go_on() noexcept;
    static void go_on_among_others(fiber& self) noexcept;
    static void go_on_alone(fiber& self) noexcept;

    interruptible_wait wait_;
};

}  // namespace frond
