#include "task_run.hpp"

#include "frond/base/detail/working_thread.hpp"
#include "node_attempts.hpp"
#include "run_apart.hpp"
#include "run_core.hpp"
#include "task_flow.hpp"
#include "task_news.hpp"

namespace frond {

namespace {

void fill(step_call& call, instance& in, plan_step const& step) noexcept {
    call.args.bases = in.bases;
    call.args.places = step.arguments.data();
    call.out = in.block + step.value.offset;
    call.state = in.block + step.state_offset;
    call.self = step.self;
}

// A function that is called here and now cannot be.
bool may_be_interrupted(instance const& in, plan_step const& step) noexcept {
    return step.body->coroutine || step.on != nullptr || is_wrapped(in, step);
}

// What a step's end means for its task; none: the next step follows. `told`: its beginning was told.
step_outcome judge(instance& in, task_spec const& spec, plan_step const& step, step_status status, step_call& call,
                   bool told) noexcept {
    if (status == step_status::done) {
        in.made(step.value_index);
        if (told) tell_node(in, spec, step, hook_moment::after_node, task_state::succeeded);
        return std::nullopt;
    }
    error failure = call.failure ? std::move(*call.failure) : error(errc::node_failed);
    call.failure.reset();
    failure = may_be_interrupted(in, step) ? in.domain->judged(failure) : failure.judged(false);
    if (failure.is_canceled()) {
        if (told) tell_node(in, spec, step, hook_moment::after_node, task_state::cancelled);
        in.note_cancelled();
        return task_state::cancelled;
    }
    if (told) tell_node(in, spec, step, hook_moment::after_node, task_state::failed, &failure);
    return task_end::failed(in.fail(std::move(failure), &spec, &step));
}

// A function that is called here and now.
step_outcome call_function(instance& in, task_spec const& spec, plan_step const& step) noexcept {
    tell_node(in, spec, step, hook_moment::before_node);
    step_call call;
    fill(call, in, step);
    task_context context;
    context.in = &in;
    context.spec = &spec;
    step_status status = step_status::done;
    {
        current_context const here(&context);
        working_thread::body const inside(pump::thread_here());
        status = step.body->start(call);
    }
    if (context.told) in.run.news.bodies.forget(context);
    return judge(in, spec, step, status, call, true);
}

}  // namespace

// From `first` on. `kept` is what the task has become, if it has been suspended before.
step_outcome task_run::run_from(instance& in, task_spec const& spec, std::size_t first, slot_credit& credit,
                                around_steps* around, task_run* kept) noexcept {
    auto const ended = [&](task_end end) {
        delete kept;
        return step_outcome(std::move(end));
    };
    for (std::size_t k = first; k < spec.steps.size(); ++k) {
        if (k != 0 && in.domain->cancelled()) return ended(task_state::cancelled);
        plan_step const& step = spec.steps[k];
        bool const begins = k == 0 && around == nullptr;
        if (begins && step.on == nullptr) tell_task(in, spec, hook_moment::before_task, task_state::running);
        if (!step.body->coroutine && step.on == nullptr && !is_wrapped(in, step)) {
            if (auto end = call_function(in, spec, step)) return ended(*std::move(end));
            continue;
        }
        try {
            if (kept == nullptr) kept = new task_run(in, spec, around);
        } catch (...) {
            if (begins && step.on != nullptr) tell_task(in, spec, hook_moment::before_task, task_state::running);
            return task_end::failed(in.fail(error::out_of_memory(), &spec, &step));
        }
        if (step.on != nullptr) {
            kept->send(k, credit);
            return std::nullopt;
        }
        auto const status = kept->run_coroutine(k, credit);
        if (!status) return std::nullopt;
        if (auto end = judge(in, spec, step, *status, kept->call_, kept->told_node_)) return ended(*std::move(end));
    }
    return ended(task_state::succeeded);
}

step_outcome run_steps(instance& in, task_spec const& spec, slot_credit& credit, around_steps* around) noexcept {
    return task_run::run_from(in, spec, 0, credit, around, nullptr);
}

task_run::task_run(instance& of_instance, task_spec const& of_spec, around_steps* around) noexcept
    : in(of_instance), spec(of_spec), around_(around), hop_(*this, nullptr) {
    in.needs.set_apart();
    context_.in = &in;
    context_.spec = &spec;
}

task_run::~task_run() {
    if (context_.told) in.run.news.bodies.forget(context_);
}

void task_run::fill(std::size_t step) noexcept {
    step_ = step;
    told_node_ = false;
    context_.attempt = 1;
    frond::fill(call_, in, spec.steps[step]);
    fiber_.emplace(*this, spec.steps[step].on != nullptr ? *spec.steps[step].on : in.run.on());
    call_.on = &*fiber_;
}

// ---- a step

// Gives `started` where `frame_` is to be run on the fiber.
step_status task_run::start() noexcept {
    plan_step const& step = spec.steps[step_];
    if (is_wrapped(in, step)) {
        try {
            attempts_.emplace(attempt_node(call_, step, context_, nullptr));
        } catch (...) {
            call_.failure = error::out_of_memory();
            return step_status::failed;
        }
        frame_ = attempts_->start_on(*fiber_);
        return step_status::started;
    }
    tell_node(in, spec, step, hook_moment::before_node);
    told_node_ = true;
    current_context const here(&context_);
    working_thread::body const inside(pump::thread_here());
    step_status const begun = step.body->start(call_);
    frame_ = call_.frame;
    return begun;
}

// The frame has stopped.
step_status task_run::finish() noexcept {
    if (!attempts_) return spec.steps[step_].body->finish(call_);
    bool made = false;
    try {
        made = attempts_->take();
    } catch (...) {
        call_.failure = error::from_exception(std::current_exception());
    }
    attempts_.reset();
    return made ? step_status::done : step_status::failed;
}

std::optional<step_status> task_run::run_coroutine(std::size_t step, slot_credit& credit) noexcept {
    fill(step);
    step_status const begun = start();
    if (begun != step_status::started) return begun;
    if (fiber_->begin(frame_)) return finish();
    // From here on a wake may continue it on another thread: what is its own has to be with it before it settles.
    // Collectors and what runs outside expansions hold no slot of their own; one that is at hand stays with its lane.
    if (spec.purpose == purpose::execute_block) holds_slot_ = std::exchange(credit.held, false);
    fiber_->enter_room();
    if (!fiber_->settle()) return std::nullopt;
    fiber_->leave_room();
    if (holds_slot_) credit.held = true;
    holds_slot_ = false;
    return finish();
}

void task_run::on_stop(fiber& self) noexcept {
    task_run& task = static_cast<coroutine&>(self).of;
    task.fiber_->leave_room();
    task.status_ = task.finish();
    if (&self.home() != &task.in.run.on()) {
        task.come_back();
        return;
    }
    task.conclude();
    task.go_on();
}

void task_run::send(std::size_t step, slot_credit& credit) noexcept {
    fill(step);
    if (spec.purpose == purpose::execute_block) holds_slot_ = std::exchange(credit.held, false);
    hop_.run = [](work& item) noexcept { static_cast<hop&>(item).of.arrive(); };
    spec.steps[step].on->post(hop_);
}

// On the step's own executor.
void task_run::arrive() noexcept {
    if (step_ == 0 && around_ == nullptr) tell_task(in, spec, hook_moment::before_task, task_state::running);
    if (in.domain->cancelled()) {  // nothing new starts
        call_.failure = error::canceled();
        status_ = step_status::failed;
    } else if (fiber_->home().is_gone()) {
        call_.failure = error::executor_gone();
        status_ = step_status::failed;
    } else {
        status_ = start();
    }
    if (status_ == step_status::started) {
        if (!fiber_->begin(frame_)) {
            fiber_->enter_room();
            if (!fiber_->settle()) return;
            fiber_->leave_room();
        }
        status_ = finish();
    }
    come_back();
}

// From the step's own executor to the run's. What ends here is told of here.
void task_run::come_back() noexcept {
    conclude();
    if (outcome_ && around_ == nullptr) {
        tell_end(in, spec, *outcome_, hook_moment::after_task);
        told_after_ = true;
    }
    hop_.run = [](work& item) noexcept { static_cast<hop&>(item).of.go_on(); };
    in.run.on().post(hop_);
}

// The step has ended, and with it perhaps the task.
void task_run::conclude() noexcept {
    outcome_ = judge(in, spec, spec.steps[step_], status_, call_, told_node_);
    if (!outcome_ && step_ + 1 == spec.steps.size()) outcome_ = task_state::succeeded;
}

// On the run's executor again.
void task_run::go_on() noexcept {
    slot_credit const credit{std::exchange(holds_slot_, false)};
    run_apart(in, credit, [this](slot_credit& held) noexcept { return go_on(held); });
}

// Gives true if every task of the instance has ended.
bool task_run::go_on(slot_credit& credit) noexcept {
    // From when the next step has been sent or has parked, the task may be gone.
    instance& instance_of = in;
    task_spec const& spec_of = spec;
    around_steps* const around = around_;
    bool const told = told_after_;
    step_outcome end = std::move(outcome_);
    if (end) {
        delete this;
    } else {
        end = run_from(in, spec, step_ + 1, credit, around, this);
    }
    if (!end) return false;
    if (around == nullptr) return instance_of.run.flow.task_ended(instance_of, spec_of, *end, credit, told);
    around->steps_ended(*std::move(end), credit);
    return false;
}

// ---- for a lane

bool task_run::begin_single() noexcept {
    current_context const here(&context_);
    status_ = spec.steps.front().body->start(call_);
    return status_ != step_status::started || fiber_->begin_inside_body(call_.frame);
}

bool task_run::finish_single(std::byte* out, std::optional<error>& failure) noexcept {
    if (status_ == step_status::started) {
        void* const own = std::exchange(call_.out, out);
        status_ = spec.steps.front().body->finish(call_);
        call_.out = own;
    }
    if (context_.told) in.run.news.bodies.forget(context_);
    if (status_ == step_status::done) return true;
    failure = std::exchange(call_.failure, std::nullopt);
    return false;
}

void task_run::leave_single(slot_credit& credit) noexcept {
    holds_slot_ = std::exchange(credit.held, false);
    fiber_->enter_room();
    if (fiber_->settle()) on_stop(*fiber_);
}

bool task_run::wait_for_slot(instance& in, task_spec const& spec) noexcept {
    struct waiting_task : wakeable, frame_pool::pooled {
        waiting_task(instance& of_instance, task_spec const& of_spec) noexcept
            : wakeable(&waiting_task::go), in(of_instance), spec(of_spec) {
            on = &in.run.on();
            in.needs.set_apart();
        }
        static void go(work& self) noexcept {
            auto* const me = static_cast<waiting_task*>(&self);
            instance& in = me->in;
            task_spec const& spec = me->spec;
            delete me;
            run_apart(in, {true}, [&](slot_credit& credit) noexcept { return in.run.flow.got_slot(in, spec, credit); });
        }
        instance& in;
        task_spec const& spec;
    };
    try {
        auto* const waiting = new waiting_task(in, spec);
        if (!in.run.limits.slots.take(*waiting, true)) return false;
        delete waiting;
        return true;
    } catch (...) {
        in.run.limits.slots.take_anyway();  // out of memory: one more runs than the limit allows rather than one never
        return true;
    }
}

}  // namespace frond
