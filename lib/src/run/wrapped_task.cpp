#include "wrapped_task.hpp"

#include "awaited_elsewhere.hpp"
#include "run_apart.hpp"
#include "run_core.hpp"
#include "task_flow.hpp"
#include "task_news.hpp"

#include <exception>
#include <utility>

namespace frond {

namespace {

// The failure of a task of which no interceptor has said how it ended.
error unanswered() noexcept {
    try {
        return error(errc::node_failed, "an interceptor neither called next() nor let the task fail");
    } catch (...) {
        return error::out_of_memory();
    }
}

}  // namespace

// Runs the steps; where they go on by themselves, the frame waits for steps_ended.
struct task_call::steps_awaiter {
    explicit steps_awaiter(task_call& owner) noexcept : of(owner) {}
    task_call& of;
    bool elsewhere = false;  // the awaiting frame is not the task's

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        wrapped_task& task = of.of_;
        elsewhere = frame.promise().on != &task.fiber_;
        if (elsewhere) return false;
        task.fiber_.suspend_at(frame);
        // Once they have parked, they may end, and all this be over.
        auto ended = run_steps(task.in_, task.spec_, task.credit_, &task);
        if (!ended) return true;
        task.keep(*std::move(ended));
        return false;
    }
    void await_resume() const {
        if (elsewhere) throw_awaited_elsewhere();
    }
};

async<void> task_call::next() {
    auto const around = of_.in_.run.task_interceptors();
    std::size_t const at = level_;
    try {
        if (at < around.size()) {
            ++level_;
            async<void> inner = around[at].wrap_task(*this);
            co_await inner;
        } else if (state_ == task_state::running && !failure_) {
            steps_awaiter steps(*this);
            co_await steps;
        }
    } catch (...) {
        fail(error::from_exception(std::current_exception()));
    }
    level_ = at;
}

void task_call::fail(error const& why) noexcept { of_.in_.domain->add(why, failure_); }

wrapped_task::wrapped_task(instance& of_instance, task_spec const& of_spec)
    : in_(of_instance), spec_(of_spec), call_(*this), fiber_(*this, of_instance.run.on()) {
    in_.needs.set_apart();
    call_.event_ = event_of(in_, spec_);
    wait_.domain = in_.domain;
    wait_.fiber = &fiber_;
    chain_.emplace(call_.next());
}

step_outcome wrapped_task::start(instance& in, task_spec const& spec, slot_credit& credit) noexcept {
    tell_task(in, spec, hook_moment::before_task, task_state::running);
    wrapped_task* task = nullptr;
    try {
        task = new wrapped_task(in, spec);
    } catch (...) {
        return task_end::failed(in.fail(error::out_of_memory(), &spec, nullptr));
    }
    if (spec.purpose == purpose::execute_block) task->credit_.held = std::exchange(credit.held, false);
    if (!task->fiber_.begin(task->chain_->start_on(task->fiber_))) {
        in.run.room.enter(task->wait_);
        if (!task->fiber_.settle()) return std::nullopt;
        in.run.room.leave(task->wait_);
    }
    task_end end = task->conclude();
    if (task->credit_.held) credit.held = true;
    delete task;
    return end;
}

void wrapped_task::steps_ended(task_end end, slot_credit& credit) noexcept {
    credit_.held = std::exchange(credit.held, false);
    keep(std::move(end));
    fiber_.wake();
}

void wrapped_task::keep(task_end&& end) noexcept {
    call_.state_ = end.state();
    steps_ = std::move(end);
}

// What the interceptors have made of it.
task_end wrapped_task::conclude() noexcept {
    if (!call_.failure_ && steps_) return *steps_;
    error failure = call_.failure_ ? *call_.failure_ : unanswered();
    error const* const of_steps = steps_ ? steps_->failure() : nullptr;
    if (failure.is_canceled()) {
        if (of_steps != nullptr) return *steps_;
        in_.note_cancelled();
        return task_state::cancelled;
    }
    failure = in_.fail(std::move(failure), &spec_, nullptr);
    return task_end::failed(of_steps != nullptr ? of_steps->and_also(failure) : failure);
}

void wrapped_task::on_stop(fiber& self) noexcept {
    wrapped_task* const task = &static_cast<coroutine&>(self).of;
    instance& in = task->in_;
    task_spec const& spec = task->spec_;
    in.run.room.leave(task->wait_);
    task_end const end = task->conclude();
    slot_credit const credit = task->credit_;
    delete task;
    run_apart(in, credit,
              [&](slot_credit& held) noexcept { return in.run.flow.task_ended(in, spec, end, held, false); });
}

}  // namespace frond
