#include "observer.hpp"

#include "event_maker.hpp"
#include "stalled_hooks.hpp"

#include <cassert>
#include <coroutine>
#include <exception>
#include <utility>

namespace frond {

observer::observer(observed_run& run, hook_errors& errors, any_hook hook, bool awaited)
    : run_(run),
      hook_errors_(errors),
      hook_(std::move(hook)),
      awaited_(awaited),
      turn_(hook_turn::of(hook_.object())),
      fiber_(*this, run.on()),
      queue_(hook_.policy(), hook_.policy().lossless() && stalled_hooks::all().has(hook_.object())),
      sample_(*this, run.on()),
      stall_(*this, run.on()) {
    turn_wait_.on = &run.on();
}

// ---- the coroutine

// Waits until an event is queued, a sample is due, or the queue is closed.
struct observer::next_awaiter {
    explicit next_awaiter(observer& owner) noexcept : of(owner) {}
    observer& of;

    bool await_ready() const noexcept {
        std::lock_guard const guard(of.mutex_);
        return of.queue_.something_to_do();
    }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
        // The mutex is held to the end: a wake that comes now must not let the coroutine end before the alarm is set.
        std::lock_guard const guard(of.mutex_);
        if (of.queue_.something_to_do()) return false;
        of.fiber_.suspend_at(frame);
        of.queue_.sleep();
        if (of.queue_.samples() && !of.sample_.is_set()) {
            clock& time = of.run_.time();
            of.sample_.set(time, of.queue_.next_sample(time.now()), of.keep_);
        }
        return true;
    }
    void await_resume() const noexcept {}
};

// Waits until no other run calls the hook.
struct observer::turn_awaiter {
    explicit turn_awaiter(observer& owner) noexcept : of(owner) {}
    observer& of;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
        of.fiber_.suspend_at(frame);
        if (!of.turn_->take(of.turn_wait_)) return true;
        of.has_turn_ = true;
        return false;
    }
    void await_resume() const noexcept {}
};

void observer::start() noexcept {
    assert(keep_ == nullptr && !telling_);
    try {
        if (!run_.on().is_gone()) telling_.emplace(tell_all());
    } catch (...) {
        // Out of memory: the hook is told nothing, and no lane must wait for it.
        failed();
        close();
    }
    if (!telling_) {
        run_.observer_ended(awaited_);
        return;
    }
    keep_ = run_.keep();
    if (fiber_.run(telling_->start_on(fiber_))) stopped(fiber_);
}

void observer::stopped(fiber& self) noexcept {
    observer& me = static_cast<teller&>(self).owner;
    auto const alive = std::exchange(me.keep_, nullptr);
    me.telling_.reset();
    if (me.has_turn_) me.give_turn();
    me.run_.observer_ended(me.awaited_);
}

async<void> observer::tell_all() {
    for (;;) {
        next_awaiter something(*this);
        co_await something;
        hook_queue::step step;
        {
            std::lock_guard const guard(mutex_);
            step = queue_.take();
            if (!step.admitted.empty()) stall_.unset(run_.time());
        }
        wake_all(step.admitted);
        if (step.over) break;
        turn_awaiter my_turn(*this);
        co_await my_turn;
        try {
            if (step.sample && hook_.listens(hook_moment::on_sample)) {
                progress const now = run_.progress();
                auto telling = call(hook_moment::on_sample, &now);
                co_await telling;
            }
            if (step.next.batch != nullptr) {
                auto telling = tell(step.next);
                co_await telling;
            }
        } catch (...) {
            // Out of memory, before the hook was told anything.
            lose(step.next.events);
            failed();
        }
        give_turn();
        std::lock_guard const guard(mutex_);
        queue_.told();
    }
    std::lock_guard const guard(mutex_);
    sample_.unset(run_.time());
    if (queue_.caught_up()) stalled_hooks::all().remove(hook_.object());
}

void observer::got_turn() noexcept {
    has_turn_ = true;
    fiber_.wake();
}

void observer::give_turn() noexcept {
    has_turn_ = false;
    turn_->give();
}

// Catches what a method of the hook throws: it must not reach the run.
async<void> observer::call(hook_moment moment, void const* event) {
    try {
        std::optional<async<void>> told = hook_.call(moment, event);
        if (told) co_await *told;
    } catch (...) {
        failed();
    }
}

async<void> observer::tell(queued_batch const& queued) {
    event_batch const& batch = *queued.batch;
    if (batch.run != nullptr && hook_.listens(batch.run_moment)) {
        run_event told = *batch.run;
        told.events_dropped = report().events_dropped;
        auto telling = call(batch.run_moment, &told);
        co_await telling;
    }
    event_maker maker(run_, batch, hook_);
    for (std::size_t told = 0; told < queued.events;) {
        if (fiber_.cancel_requested()) {
            lose(queued.events - told);
            co_return;
        }
        // As `call` does, but without a coroutine for each event.
        made_event made;
        try {
            made = maker.next();
        } catch (...) {
            ++told;
            lose(1);
            failed();
            continue;
        }
        if (made.event == nullptr) break;
        if (made.children) {
            auto children =
                maker.children(fiber_, this, [](void* me) noexcept { static_cast<observer*>(me)->failed(); });
            std::uint64_t const first = children.next;
            detail::children_teller(hook_).tell(children);
            told += (children.next - first) * maker.events_of_child();
            continue;
        }
        ++told;
        try {
            std::optional<async<void>> waits = hook_.call(made.moment, made.event);
            if (waits) co_await *waits;
        } catch (...) {
            failed();
        }
    }
}

// ---- what happens in the run

void observer::push(std::shared_ptr<event_batch const> batch, std::size_t events) noexcept {
    batch_list arrived;
    batch_list dropped;
    try {
        arrived.push_back({std::move(batch), events});
    } catch (...) {
        // Out of memory: the queue counts the events as dropped.
    }
    {
        std::lock_guard const guard(mutex_);
        dropped = queue_.push(arrived, events);
    }
    wake_up();
}

void observer::close() noexcept {
    {
        std::lock_guard const guard(mutex_);
        queue_.close();
    }
    wake_up();
}

void observer::cancel() noexcept {
    batch_list dropped;
    {
        std::lock_guard const guard(mutex_);
        dropped = queue_.cancel();
    }
    fiber_.cancel();
    wake_up();
}

void observer::wake_up() noexcept {
    {
        std::lock_guard const guard(mutex_);
        if (!queue_.wakes()) return;
    }
    fiber_.wake();
}

void observer::sample_came() noexcept {
    std::shared_ptr<void> alive;
    {
        std::lock_guard const guard(mutex_);
        alive = sample_.came();
        queue_.sample_due();
    }
    wake_up();
}

// ---- lanes that wait for a lossless hook

bool observer::admit(wakeable& lane) noexcept {
    std::lock_guard const guard(mutex_);
    // Asked under the mutex: a cancellation that comes later finds the lane in the queue, and releases it.
    if (!queue_.too_full() || run_.cancelled()) return true;
    queue_.hold(lane, run_.time().now());
    if (!stall_.is_set()) set_stall();
    return false;
}

void observer::set_stall() noexcept { stall_.set(run_.time(), queue_.stalls_at(), run_.keep()); }

void observer::release() noexcept {
    work_list lanes;
    {
        std::lock_guard const guard(mutex_);
        lanes = queue_.release();
        stall_.unset(run_.time());
    }
    wake_all(lanes);
}

void observer::stall_came() noexcept {
    std::shared_ptr<void> alive;
    batch_list dropped;
    work_list lanes;
    {
        std::lock_guard const guard(mutex_);
        alive = stall_.came();
        switch (queue_.stalled(run_.time().now(), dropped)) {
            case hook_queue::stall::none: return;
            case hook_queue::stall::early: set_stall(); return;
            case hook_queue::stall::over:
                stalled_hooks::all().add(hook_.object());
                lanes = queue_.release();
                break;
        }
    }
    wake_all(lanes);
}

// ---- counts for the report

hook_report observer::report() const noexcept {
    std::lock_guard const guard(mutex_);
    return queue_.report();
}

std::size_t observer::events_in(event_batch const& batch) const noexcept {
    return hook_.policy().samples() ? 0 : event_maker::count(*run_.plan, batch, hook_.listens());
}

void observer::lose(std::size_t events) noexcept {
    std::lock_guard const guard(mutex_);
    queue_.lose(events);
}

void observer::failed() noexcept {
    {
        std::lock_guard const guard(mutex_);
        queue_.threw();
    }
    hook_errors_.add(error::from_exception(std::current_exception()));
}

}  // namespace frond
