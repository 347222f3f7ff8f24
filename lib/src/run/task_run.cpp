#include "task_run.hpp"

#include "expansion.hpp"
#include "run_state.hpp"

namespace frond {

namespace {

void fill(step_call& call, instance& in, plan_step const& step) noexcept {
    call.args.bases = in.bases;
    call.args.places = step.arguments.data();
    call.out = in.block + step.value.offset;
    call.state = in.block + step.state_offset;
    call.self = step.self;
}

// What a step's end means for its task; none: the next step follows.
step_outcome judge(instance& in, task_spec const& spec, plan_step const& step, step_status status,
                   step_call& call) noexcept {
    if (status == step_status::done) {
        in.made(step.value_index);
        return std::nullopt;
    }
    error failure = call.failure ? std::move(*call.failure) : error(errc::node_failed);
    call.failure.reset();
    if (failure.is_canceled() && in.domain->cancelled()) {
        in.note_cancelled();
        return task_state::cancelled;
    }
    in.fail(std::move(failure), &spec, &step);
    return task_state::failed;
}

}  // namespace

step_outcome run_steps(instance& in, task_spec const& spec, std::size_t first, slot_credit& credit,
                       task_run* kept) noexcept {
    auto const ended = [&](task_state state) {
        delete kept;
        return step_outcome(state);
    };
    for (std::size_t k = first; k < spec.steps.size(); ++k) {
        if (k != 0 && in.domain->cancelled()) return ended(task_state::cancelled);
        plan_step const& step = spec.steps[k];
        if (!step.body->coroutine && step.on == nullptr) {
            step_call call;
            fill(call, in, step);
            if (auto const state = judge(in, spec, step, step.body->start(call), call)) return ended(*state);
            continue;
        }
        try {
            if (kept == nullptr) kept = new task_run(in, spec);
        } catch (...) {
            in.fail(error::out_of_memory(), &spec, &step);
            return task_state::failed;
        }
        if (step.on != nullptr) {
            kept->send(k, credit);
            return std::nullopt;
        }
        auto const status = kept->run_coroutine(k, credit);
        if (!status) return std::nullopt;
        if (auto const state = judge(in, spec, step, *status, kept->call_)) return ended(*state);
    }
    return ended(task_state::succeeded);
}

task_run::task_run(instance& of_instance, task_spec const& of_spec) noexcept
    : in(of_instance), spec(of_spec), hop_(*this, nullptr) {}

void task_run::fill(std::size_t step) noexcept {
    step_ = step;
    frond::fill(call_, in, spec.steps[step]);
    fiber_.emplace(*this, spec.steps[step].on != nullptr ? *spec.steps[step].on : in.run.on());
    call_.on = &*fiber_;
    wait_.domain = in.domain;
    wait_.fiber = &*fiber_;
}

std::optional<step_status> task_run::run_coroutine(std::size_t step, slot_credit& credit) noexcept {
    fill(step);
    node_body const& body = *spec.steps[step].body;
    step_status const begun = body.start(call_);
    if (begun != step_status::started) return begun;
    if (fiber_->begin(call_.frame)) return body.finish(call_);
    // From here on a wake may continue it on another thread: what is its own has to be with it before it settles.
    // Collectors and what runs outside expansions hold no slot of their own; one that is at hand stays with its lane.
    if (spec.purpose == purpose::execute_block) holds_slot_ = std::exchange(credit.held, false);
    in.run.room.enter(wait_);
    if (!fiber_->settle()) return std::nullopt;
    in.run.room.leave(wait_);
    if (holds_slot_) credit.held = true;
    holds_slot_ = false;
    return body.finish(call_);
}

bool task_run::begin_single() noexcept {
    status_ = spec.steps.front().body->start(call_);
    return status_ != step_status::started || fiber_->begin(call_.frame);
}

bool task_run::finish_single(std::byte* out, std::optional<error>& failure) noexcept {
    if (status_ == step_status::started) {
        void* const own = std::exchange(call_.out, out);
        status_ = spec.steps.front().body->finish(call_);
        call_.out = own;
    }
    if (status_ == step_status::done) return true;
    failure = std::exchange(call_.failure, std::nullopt);
    return false;
}

void task_run::leave_single(slot_credit& credit) noexcept {
    holds_slot_ = std::exchange(credit.held, false);
    in.run.room.enter(wait_);
    if (fiber_->settle()) on_stop(*fiber_);
}

void task_run::on_stop(fiber& self) noexcept {
    task_run& task = static_cast<coroutine&>(self).of;
    task.in.run.room.leave(task.wait_);
    task.status_ = task.spec.steps[task.step_].body->finish(task.call_);
    if (&self.home() != &task.in.run.on()) {  // back to the run's executor
        task.hop_.run = [](work& item) noexcept {
            slot_credit credit;
            static_cast<hop&>(item).of.go_on(credit);
        };
        task.in.run.on().post(task.hop_);
        return;
    }
    slot_credit credit;
    task.go_on(credit);
}

void task_run::send(std::size_t step, slot_credit& credit) noexcept {
    fill(step);
    if (spec.purpose == purpose::execute_block) holds_slot_ = std::exchange(credit.held, false);
    hop_.run = [](work& item) noexcept {
        task_run& task = static_cast<hop&>(item).of;
        node_body const& body = *task.spec.steps[task.step_].body;
        if (task.in.domain->cancelled()) {  // nothing new starts
            task.call_.failure = error::canceled();
            task.status_ = step_status::failed;
        } else {
            task.status_ = body.start(task.call_);
        }
        if (task.status_ == step_status::started) {
            bool const stopped = task.fiber_->begin(task.call_.frame);
            if (!stopped) {
                task.in.run.room.enter(task.wait_);
                if (!task.fiber_->settle()) return;
                task.in.run.room.leave(task.wait_);
            }
            task.status_ = body.finish(task.call_);
        }
        task.hop_.run = [](work& back) noexcept {
            slot_credit none;
            static_cast<hop&>(back).of.go_on(none);
        };
        task.in.run.on().post(task.hop_);
    };
    spec.steps[step].on->post(hop_);
}

// The suspended step has ended, and this is the run's executor again.
void task_run::go_on(slot_credit& credit) noexcept {
    credit.held = std::exchange(holds_slot_, false);
    // From when the next step has been sent or has parked, task, instance and run may be gone.
    auto const keep = in.run.shared_from_this();
    instance& instance_of = in;
    task_spec const& spec_of = spec;
    auto state = judge(in, spec, spec.steps[step_], status_, call_);
    if (state) {
        delete this;
    } else {
        state = run_steps(in, spec, step_ + 1, credit, this);
    }
    bool const last = state && instance_of.go_on(spec_of, *state, credit);
    if (credit.held) keep->slots.give();
    if (last) ended_apart(instance_of);
}

bool task_run::wait_for_slot(instance& in, task_spec const& spec) noexcept {
    struct waiting_task : wakeable, frame_pool::pooled {
        waiting_task(instance& of_instance, task_spec const& of_spec) noexcept
            : wakeable(&waiting_task::go), in(of_instance), spec(of_spec) {
            on = &in.run.on();
        }
        static void go(work& self) noexcept {
            auto* const me = static_cast<waiting_task*>(&self);
            instance& in = me->in;
            task_spec const& spec = me->spec;
            delete me;
            auto const keep = in.run.shared_from_this();
            slot_credit credit{true};
            bool const last = in.start_waiting(spec, credit);
            if (credit.held) keep->slots.give();
            if (last) ended_apart(in);
        }
        instance& in;
        task_spec const& spec;
    };
    try {
        auto* const waiting = new waiting_task(in, spec);
        if (!in.run.slots.take(*waiting, true)) return false;
        delete waiting;
        return true;
    } catch (...) {
        in.run.slots.take_anyway();  // out of memory: one more runs than the limit allows rather than one never
        return true;
    }
}

}  // namespace frond
