#include "observer.hpp"

#include "event_maker.hpp"
#include "run_state.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace frond {

observer::tick::tick(observer& owner) noexcept
    : alarm([](work& self) noexcept {
          observer& me = static_cast<tick&>(self).of;
          auto const of_run = std::exchange(me.tick_.keep_run, nullptr);
          auto const alive = std::exchange(me.tick_.keep, nullptr);
          {
              std::lock_guard const guard(me.mutex_);
              me.tick_due_ = true;
              me.tick_armed_ = false;
          }
          me.wake_up();
      }),
      of(owner) {}

// Lanes have waited for too long: from now on the oldest events go.
observer::stall::stall(observer& owner) noexcept
    : alarm([](work& self) noexcept {
          observer& me = static_cast<stall&>(self).of;
          auto const of_run = std::exchange(me.stall_.keep_run, nullptr);
          auto const alive = std::exchange(me.stall_.keep, nullptr);
          batch_list dropped;
          {
              std::lock_guard const guard(me.mutex_);
              me.stall_armed_ = false;
              if (me.lanes_.empty()) return;
              // It may have been on its way when those for whom it was set went on.
              if (me.run_.time().now() - me.held_since_ < me.hook_.policy().stall_limit()) {
                  me.arm_stall();
                  return;
              }
              me.downgraded_ = true;
              me.drop_oldest(dropped);
          }
          me.release();
      }),
      of(owner) {}

observer::observer(run_state& run, any_hook hook, bool awaited)
    : run_(run),
      hook_(std::move(hook)),
      interval_(hook_.policy().interval()),
      awaited_(awaited),
      turn_(hook_turn::of(hook_.object())),
      fiber_(*this, run.on()),
      tick_(*this),
      stall_(*this) {
    tick_.on = stall_.on = waiting_turn_.on = &run.on();
}

// Waits until there is something to tell, a sample is due, or nothing will follow.
struct observer::next_awaiter {
    explicit next_awaiter(observer& owner) noexcept : of(owner) {}
    observer& of;

    bool await_ready() const noexcept {
        std::lock_guard const guard(of.mutex_);
        return of.something_to_do();
    }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
        // Under the mutex throughout: a wake that comes now must not let the coroutine end before the alarm is set.
        std::lock_guard const guard(of.mutex_);
        if (of.something_to_do()) return false;
        of.fiber_.suspend_at(frame);
        of.sleeping_ = true;
        if (of.interval_ != duration::zero() && !std::exchange(of.tick_armed_, true)) {
            of.tick_.keep = of.shared_from_this();
            of.tick_.keep_run = of.keep_run_;
            of.tick_.when = of.run_.time().now() + of.interval_;
            of.run_.time().wait(of.tick_);
        }
        return true;
    }
    void await_resume() const noexcept {}
};

// Waits until no other run tells the hook something.
struct observer::turn_awaiter {
    explicit turn_awaiter(observer& owner) noexcept : of(owner) {}
    observer& of;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
        of.fiber_.suspend_at(frame);
        return !of.turn_->take(of.waiting_turn_);
    }
    void await_resume() const noexcept {}
};

bool observer::something_to_do() const noexcept { return !queue_.empty() || closed_ || tick_due_; }

void observer::wake_up() noexcept {
    {
        std::lock_guard const guard(mutex_);
        if (!something_to_do() || !std::exchange(sleeping_, false)) return;
    }
    fiber_.wake();
}

void observer::push(std::shared_ptr<event_batch const> batch, std::size_t events) noexcept {
    batch_list arrived;
    batch_list dropped;
    try {
        arrived.push_back({std::move(batch), events});
    } catch (...) {
        // Out of memory: see below.
    }
    {
        std::lock_guard const guard(mutex_);
        if (closed_) return;
        (arrived.empty() ? dropped_ : queued_) += events;
        queue_.splice(queue_.end(), arrived);
        most_queued_ = std::max(most_queued_, queued_);
        if (!lossless() || downgraded_) drop_oldest(dropped);
    }
    wake_up();
}

// Run events are never dropped: they are few, and have no records. The others die where the mutex is not held: what users
// have put into them may look at the run when it is destroyed.
void observer::drop_oldest(batch_list& dropped) noexcept {
    while (queued_ > hook_.policy().bound()) {
        auto const oldest =
            std::find_if(queue_.begin(), queue_.end(), [](auto const& each) { return !each.batch->run; });
        if (oldest == queue_.end() || std::next(oldest) == queue_.end()) break;
        queued_ -= oldest->events;
        dropped_ += oldest->events;
        dropped.splice(dropped.end(), queue_, oldest);
    }
}

// ---- lanes that wait for a lossless hook

bool observer::too_full() const noexcept {
    return lossless() && !downgraded_ && !closed_ && queued_ > hook_.policy().bound();
}

bool observer::admit(wakeable& waiting) noexcept {
    std::lock_guard const guard(mutex_);
    if (!too_full() || run_.domain.cancelled()) return true;
    if (lanes_.empty()) held_since_ = run_.time().now();
    lanes_.push_back(waiting);
    if (!stall_armed_) arm_stall();
    return false;
}

void observer::arm_stall() noexcept {
    stall_armed_ = true;
    stall_.keep = shared_from_this();
    stall_.keep_run = run_.shared_from_this();
    stall_.when = held_since_ + hook_.policy().stall_limit();
    run_.time().wait(stall_);
}

void observer::release() noexcept {
    work_list waiting;
    {
        std::lock_guard const guard(mutex_);
        std::swap(waiting, lanes_);
        disarm_stall();
    }
    wake_all(waiting);
}

void observer::disarm_stall() noexcept {
    if (!stall_armed_ || !run_.time().cancel(stall_)) return;
    stall_armed_ = false;
    stall_.keep.reset();
    stall_.keep_run.reset();
}

void observer::wake_all(work_list& waiting) noexcept {
    while (!waiting.empty()) static_cast<wakeable&>(waiting.pop_front()).wake();
}

hook_report observer::report() const noexcept {
    std::lock_guard const guard(mutex_);
    return {errors_, dropped_, most_queued_, downgraded_, interrupted_};
}

void observer::close() noexcept {
    {
        std::lock_guard const guard(mutex_);
        closed_ = true;
    }
    wake_up();
}

void observer::cancel() noexcept {
    batch_list dropped;
    {
        std::lock_guard const guard(mutex_);
        // What the run itself has to say is still told.
        for (auto at = queue_.begin(); at != queue_.end();) {
            auto const each = at++;
            if (each->batch->run == nullptr) dropped.splice(dropped.end(), queue_, each);
        }
        dropped_ += std::exchange(queued_, 0);
        closed_ = true;
        interrupted_ = telling_now_ || !dropped.empty();
    }
    fiber_.cancel();
    wake_up();
}

std::size_t observer::events_in(event_batch const& batch) const noexcept {
    return hook_.policy().samples() ? 0 : event_maker::count(*run_.plan, batch, hook_.listens());
}

std::uint64_t observer::dropped() const noexcept {
    std::lock_guard const guard(mutex_);
    return dropped_;
}

void observer::start() noexcept {
    self_ = shared_from_this();
    keep_run_ = run_.shared_from_this();
    try {
        telling_.emplace(tell_all());
    } catch (...) {
        run_.observer_ended(awaited_);
        auto const run = std::exchange(keep_run_, nullptr);
        self_.reset();
        return;
    }
    if (fiber_.run(telling_->start_on(fiber_))) stopped(fiber_);
}

void observer::stopped(fiber& self) noexcept {
    observer& me = static_cast<teller&>(self).of;
    auto const keep = std::exchange(me.self_, nullptr);
    auto const run = std::exchange(me.keep_run_, nullptr);
    me.telling_.reset();
    run->observer_ended(me.awaited_);
}

async<void> observer::tell_all() {
    for (;;) {
        next_awaiter something(*this);
        co_await something;
        queued_batch next;
        bool sample = false;
        bool over = false;
        work_list admitted;
        {
            std::lock_guard const guard(mutex_);
            if (!queue_.empty()) {
                next = std::move(queue_.front());
                queue_.pop_front();
                queued_ -= next.events;
                // Half of it is gone: enough for those who waited to be worth waking.
                if (!lanes_.empty() && queued_ <= hook_.policy().bound() / 2) {
                    std::swap(admitted, lanes_);
                    disarm_stall();
                }
            }
            sample = std::exchange(tick_due_, false) && !closed_;
            over = next.batch == nullptr && closed_;
            telling_now_ = sample || next.batch != nullptr;
        }
        wake_all(admitted);
        if (over) break;
        turn_awaiter my_turn(*this);
        co_await my_turn;
        if (sample && hook_.listens(hook_moment::on_sample)) {
            progress const now = run_.progress();
            auto telling = call(hook_moment::on_sample, &now);
            co_await telling;
        }
        if (next.batch != nullptr) {
            auto telling = tell(next);
            co_await telling;
        }
        turn_->give();
        std::lock_guard const guard(mutex_);
        telling_now_ = false;
    }
    std::lock_guard const guard(mutex_);
    // An alarm that is on its way already holds the observer itself.
    if (tick_armed_ && run_.time().cancel(tick_)) {
        tick_.keep.reset();
        tick_.keep_run.reset();
    }
}

// What a method of the hook throws is kept from the run.
async<void> observer::call(hook_moment moment, void const* event) {
    try {
        std::optional<async<void>> told = hook_.call(moment, event);
        if (told) co_await *told;
    } catch (...) {
        failed();
    }
}

void observer::drop(std::size_t events) noexcept {
    std::lock_guard const guard(mutex_);
    dropped_ += events;
}

void observer::failed() noexcept {
    {
        std::lock_guard const guard(mutex_);
        ++errors_;
    }
    run_.hook_failed(error::from_exception(std::current_exception()));
}

async<void> observer::tell(queued_batch const& queued) {
    event_batch const& batch = *queued.batch;
    if (batch.run != nullptr && hook_.listens(batch.run_moment)) {
        run_event told = *batch.run;
        told.events_dropped = dropped();
        auto telling = call(batch.run_moment, &told);
        co_await telling;
    }
    event_maker maker(run_, batch, hook_);
    for (std::size_t told = 0; told < queued.events;) {
        if (fiber_.cancel_requested()) {
            drop(queued.events - told);
            co_return;
        }
        // As in `call`, without a coroutine for each event.
        made_event made;
        try {
            made = maker.next();
        } catch (...) {
            ++told;
            drop(1);
            failed();
            continue;
        }
        if (made.event == nullptr) break;
        if (made.children) {
            auto children =
                maker.children(fiber_, this, [](void* me) noexcept { static_cast<observer*>(me)->failed(); });
            std::uint64_t const first = children.next;
            hook_.tell_children(children);
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

}  // namespace frond
