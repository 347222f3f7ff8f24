#include "node_attempts.hpp"

#include "frond/run/interceptor.hpp"
#include "pause.hpp"
#include "task_news.hpp"

namespace frond {

namespace {

void tell_retry(task_context const& around, plan_step const& step, error const& failure, duration delay) noexcept {
    event_record record;
    record.moment = hook_moment::on_retry;
    record.attempt = around.attempt;
    record.node = static_cast<std::uint32_t>(step.node);
    event_detail detail;
    detail.failure = failure;
    detail.delay = delay;
    tell_task(*around.in, *around.spec, record, std::move(detail));
}

void tell_attempt(task_context const& around, plan_step const& step, error const* failure) noexcept {
    bool const cancelled = failure != nullptr && failure->is_canceled();
    task_state const state = failure == nullptr ? task_state::succeeded
                             : cancelled        ? task_state::cancelled
                                                : task_state::failed;
    tell_node(*around.in, *around.spec, step, hook_moment::after_node, state, cancelled ? nullptr : failure,
              around.attempt);
}

}  // namespace

async<bool> attempt_node(step_call& call, plan_step const& step, task_context& around, wrapped_expander* expander) {
    instance& in = *around.in;
    bool const tells = expander == nullptr;
    duration delay = step.retry_delay;
    for (around.attempt = 1;; ++around.attempt) {
        if (tells) {
            tell_node(in, *around.spec, step, hook_moment::before_node, task_state::running, nullptr, around.attempt);
        }
        node_call attempt(step, call, around, expander);
        async<void> all = attempt.next();
        co_await all;
        error const* const failure = attempt.failure();
        if (tells) tell_attempt(around, step, failure);
        if (failure == nullptr) co_return attempt.release();
        if (!attempt.will_retry() || in.domain->cancelled()) {
            call.failure = *failure;
            co_return false;
        }

        in.run.counts.retried();
        tell_retry(around, step, *failure, delay);
        pause wait(in.run.time(), delay);
        bool const passed = co_await wait;
        if (!passed || in.domain->cancelled()) {
            call.failure = error::canceled();
            co_return false;
        }
        delay = detail::doubled(delay);
    }
}

}  // namespace frond
