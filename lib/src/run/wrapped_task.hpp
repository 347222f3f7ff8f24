// One task that interceptors wrap: their coroutines, with the task's steps inside.
//
// Thread: one at a time; `steps_ended` on the run's executor.
#pragma once

#include "failure_domain.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "frond/run/interceptor.hpp"
#include "instance.hpp"
#include "task_run.hpp"

#include <optional>

namespace frond {

class wrapped_task final : public around_steps, public frame_pool::pooled {
public:
    /// Gives the task's end, or none if it goes on by itself.
    static step_outcome start(instance& in, task_spec const& spec, slot_credit& credit) noexcept;
    void steps_ended(task_end end, slot_credit& credit) noexcept override;

private:
    friend class task_call;

    wrapped_task(instance& of_instance, task_spec const& of_spec);
    void keep(task_end&& end) noexcept;
    task_end conclude() noexcept;
    static void on_stop(fiber& self) noexcept;

    struct coroutine : fiber {
        coroutine(wrapped_task& task, executor& home) noexcept : fiber(home, &wrapped_task::on_stop), of(task) {}
        wrapped_task& of;
    };

    instance& in_;
    task_spec const& spec_;
    task_call call_;
    coroutine fiber_;
    step_outcome steps_;  // how they ended, once they have
    std::optional<async<void>> chain_;
    interruptible_wait wait_;
    slot_credit credit_;  // the task's slot, when it is not with its steps
};

}  // namespace frond
