#include "run_state.hpp"

#include "starter.hpp"
#include "waiting_bodies.hpp"

#include <cassert>
#include <optional>
#include <utility>
#include <vector>

namespace frond {

namespace {

// The last run's number, for ids; only its uniqueness matters.
std::atomic<std::uint64_t> last_run_id{0};

}  // namespace

run_state::run_state(std::shared_ptr<frond::plan const> what)
    : run_core(std::move(what), last_run_id.fetch_add(1, std::memory_order_relaxed) + 1, starter::flow()),
      grace_over_(*this) {
    root_ = instance::make(*this, plan->scopes[0], nullptr);
}

run_state::~run_state() {
    if (root_ != nullptr) root_->destroy();
}

void run_state::give(run_argument const& argument) {
    auto const& input = plan->inputs[argument.input];
    input.type->move(root_->at(input.where), argument.value);
    root_->made(input.value_index);
}

void run_state::give_default(std::size_t input_index) {
    auto const& input = plan->inputs[input_index];
    input.body->make_default(root_->at(input.where), input.self);
    root_->made(input.value_index);
}

// ---- its life

// True: this call has brought the run to the stage. False: the run was at that stage already, or at a later one.
bool run_state::step_to(stage next) noexcept {
    stage seen = stage_.load(std::memory_order_relaxed);
    while (seen < next) {
        if (stage_.compare_exchange_weak(seen, next, std::memory_order_acq_rel)) return true;
    }
    return false;
}

void run_state::begin(run_start start) {
    set_up(*start.on, *start.time, start.hooks, start.awaits_all_hooks, start.keep);
    start_ = std::move(start);
    start_.hooks = {};
    begin_.on = complete_.on = grace_over_.on = &on();
    self_ = shared_from_this();
    started_ = time().now();
    step_to(stage::running);
    on().post(begin_);
}

void run_state::run_tasks() noexcept {
    on().call_threads();
    counts.begin();
    observers_left_.store(news.observers() + 1, std::memory_order_relaxed);
    awaited_left_.store(news.awaited() + 1, std::memory_order_relaxed);
    auto const alive = shared_from_this();
    news.tell_run(hook_moment::after_graph_construction);
    news.tell_run(hook_moment::before_run);
    news.tell_run(hook_moment::after_grouping);
    news.start();
    slot_credit credit;
    if (flow.begin(*root_, credit)) tasks_ended();
}

void run_state::tasks_ended() noexcept {
    ended_at_ = time().now();
    [[maybe_unused]] bool const first = step_to(stage::grace);
    assert(first);
    if (news.observers() == 0) {
        finish();
        return;
    }
    tell_end();
    news.close();
    set_grace();
    observer_ended(true);
}

void run_state::tell_end() noexcept {
    if (!news.tells(hook_moment::after_run)) return;
    std::optional<error> failure;
    try {
        if (domain.failures_total() != 0) failure = domain.outcome();
    } catch (...) {
        failure = error::out_of_memory();
    }
    news.tell_run(hook_moment::after_run, std::move(failure));
}

void run_state::observer_ended(bool awaited) noexcept {
    if (observers_left_.fetch_sub(1, std::memory_order_acq_rel) == 1 && time().cancel(grace_over_)) {
        grace_over_.keep.reset();
    }
    if (awaited && awaited_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) finish();
}

// Where the executor is gone no hook is told anything, so there is nothing to wait for.
void run_state::set_grace() noexcept {
    if (on().is_gone()) return;
    grace_over_.keep = shared_from_this();
    grace_over_.when = detail::later(time().now(), plan->options.grace);
    time().wait(grace_over_);
}

// A grace period is over. The first time: cancels all hooks, and waits once more if the run must not complete before
// some of them have ended. The second time: completes without them.
void run_state::end_grace() noexcept {
    news.cancel();
    if (awaited_left_.load() != 0 && step_to(stage::second_grace)) {
        set_grace();
        // The last one may have ended meanwhile, and have found no alarm to cancel.
        if (observers_left_.load() == 0 && time().cancel(grace_over_)) grace_over_.keep.reset();
        return;
    }
    finish();
}

// Once.
void run_state::finish() noexcept {
    if (step_to(stage::completing)) on().wake(complete_);
}

void run_state::complete() noexcept {
    auto const keep = std::exchange(self_, nullptr);
    run_outcome outcome;
    outcome.plan = plan;
    frame_pool::vector<void*> outputs;
    try {
        if (start_.wants_progress) outcome.progress = progress();
        // Where the executor is gone, the program may have destroyed the report before the executor's context.
        if (start_.report != nullptr && !on().is_gone()) fill(*start_.report);
        if (domain.failures_total() != 0) {
            outcome.failure = domain.outcome();
        } else {
            for (auto const& output : plan->outputs) outputs.push_back(root_->at(output.where));
            outcome.outputs = outputs;
        }
    } catch (...) {
        outcome.failure = error::out_of_memory();
    }
    start_.completion->complete(outcome);
    // Whoever learns of the end may end what runs the executors.
    for (auto const& [node, executor] : plan->options.executors) executor->wait_for_posts();
    // What is left of the values goes now, not when the last handle does.
    std::exchange(root_, nullptr)->destroy();
    start_.completion->released();
}

void run_state::cancel() noexcept {
    if (is_past(stage::running)) return;
    note_waiting();
    domain.cancel(room);
}

void run_state::abandon() noexcept {
    cancel();
    news.cancel();
}

// For the report: what the run was waiting for when it was first cancelled.
void run_state::note_waiting() noexcept {
    if (start_.report == nullptr || domain.cancelled()) return;
    std::lock_guard const guard(waiting_mutex_);
    try {
        waiting_ = waiting_bodies(room, time().now());
    } catch (...) {
        // Out of memory: the report does not tell.
    }
}

void run_state::fill(run_report& report) const {
    report = run_report();
    report.run_id = id;
    report.took = ended_at_ - started_;
    report.tasks = counts.tasks();
    report.children = counts.children();
    report.retries = counts.retries();
    report.streams_grown = growth.times();
    report.most_stream_chunks = growth.most_chunks();
    {
        std::lock_guard const guard(waiting_mutex_);
        report.waiting = waiting_;
    }
    news.fill(report);
}

}  // namespace frond
