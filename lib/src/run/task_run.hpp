// One task that does not run through at once: it is a coroutine, runs on another executor, or waits for a slot.
#pragma once

#include "body_fiber.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "frond/run/interceptor.hpp"
#include "instance.hpp"
#include "limits.hpp"
#include "task_context.hpp"
#include "task_end.hpp"

#include <optional>

namespace frond {

/// The interceptors around the steps of a task. They are told the end of the steps where those end apart.
class around_steps {
public:
    virtual void steps_ended(task_end end, slot_credit& credit) noexcept = 0;

protected:
    ~around_steps() = default;
};

/// Runs the steps of a task from the beginning. `around`: what wraps it and is told its end, if anything does.
step_outcome run_steps(instance& in, task_spec const& spec, slot_credit& credit,
                       around_steps* around = nullptr) noexcept;

class task_run : public frame_pool::pooled {
public:
    task_run(instance& of_instance, task_spec const& of_spec, around_steps* around = nullptr) noexcept;
    ~task_run();

    instance& in;
    task_spec const& spec;

    static step_outcome run_from(instance& in, task_spec const& spec, std::size_t first, slot_credit& credit,
                                 around_steps* around, task_run* kept) noexcept;

    // ---- for a lane whose children are one coroutine each: the task is used again as long as none suspends
    void prepare_single() noexcept { fill(0); }
    /// On a thread that is inside a body. True: the coroutine has stopped, or could not be made; `finish_single` follows.
    /// False: `leave_single` follows.
    bool begin_single() noexcept;
    /// True: the value is made at `out`.
    bool finish_single(std::byte* out, std::optional<error>& failure) noexcept;
    /// The task owns itself, and its instance, from now on.
    void leave_single(slot_credit& credit) noexcept;

    /// True: a slot is taken for the task after all. False: the task starts when there is one.
    static bool wait_for_slot(instance& in, task_spec const& spec) noexcept;

private:
    std::optional<step_status> run_coroutine(std::size_t step, slot_credit& credit) noexcept;
    void send(std::size_t step, slot_credit& credit) noexcept;
    void fill(std::size_t step) noexcept;
    step_status start() noexcept;
    step_status finish() noexcept;
    void arrive() noexcept;
    void come_back() noexcept;
    void conclude() noexcept;
    void go_on() noexcept;
    bool go_on(slot_credit& credit) noexcept;
    static void on_stop(fiber& self) noexcept;

    struct coroutine : body_fiber {
        coroutine(task_run& task, executor& home) noexcept
            : body_fiber(task.context_, *task.in.domain, home, &task_run::on_stop), of(task) {}
        task_run& of;
    };
    struct hop : wakeable {
        hop(task_run& task, function act) noexcept : wakeable(act), of(task) {}
        task_run& of;
    };

    std::size_t step_ = 0;
    step_call call_;
    step_status status_ = step_status::done;
    task_context context_;
    around_steps* const around_;
    std::coroutine_handle<> frame_;
    std::optional<async<bool>> attempts_;  // of a step that is wrapped or retried
    step_outcome outcome_;                 // of a step that did not end where it was started
    bool told_node_ = false;               // that the step has begun
    bool told_after_ = false;              // that the task has ended
    std::optional<coroutine> fiber_;
    hop hop_;
    bool holds_slot_ = false;
};

}  // namespace frond
