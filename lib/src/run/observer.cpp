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

observer::observer(run_state& run, any_hook hook)
    : run_(run), hook_(std::move(hook)), interval_(hook_.policy().interval()), fiber_(*this, run.on()), tick_(*this) {
    tick_.on = &run.on();
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

bool observer::something_to_do() const noexcept { return !queue_.empty() || closed_ || tick_due_; }

void observer::wake_up() noexcept {
    {
        std::lock_guard const guard(mutex_);
        if (!something_to_do() || !std::exchange(sleeping_, false)) return;
    }
    fiber_.wake();
}

void observer::push(std::shared_ptr<event_batch const> batch) noexcept {
    {
        std::lock_guard const guard(mutex_);
        if (closed_) return;
        std::size_t const more = batch->records.size();
        try {
            queue_.push_back(std::move(batch));
            queued_ += more;
        } catch (...) {
            dropped_ += more;
        }
        std::uint32_t const bound = hook_.policy().samples() ? 0 : hook_.policy().bound();
        // Run events are never dropped: they are few, and have no records.
        while (bound != 0 && queued_ > bound) {
            auto const oldest = std::find_if(queue_.begin(), queue_.end(), [](auto const& each) { return !each->run; });
            if (oldest == queue_.end() || std::next(oldest) == queue_.end()) break;
            queued_ -= (*oldest)->records.size();
            dropped_ += (*oldest)->records.size();
            queue_.erase(oldest);
        }
    }
    wake_up();
}

void observer::close() noexcept {
    {
        std::lock_guard const guard(mutex_);
        closed_ = true;
    }
    wake_up();
}

void observer::cancel() noexcept {
    {
        std::lock_guard const guard(mutex_);
        // What the run itself has to say is still told.
        std::erase_if(queue_, [](auto const& each) { return each->run == nullptr; });
        dropped_ += std::exchange(queued_, 0);
        closed_ = true;
    }
    fiber_.cancel();
    wake_up();
}

bool observer::wants(event_batch const& batch) const noexcept {
    if (hook_.policy().samples()) return false;
    return std::any_of(batch.records.begin(), batch.records.end(),
                       [&](event_record const& record) { return hook_.listens(record.moment); });
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
        run_.observer_ended();
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
    run->observer_ended();
}

async<void> observer::tell_all() {
    for (;;) {
        next_awaiter something(*this);
        co_await something;
        std::shared_ptr<event_batch const> batch;
        bool sample = false;
        bool over = false;
        {
            std::lock_guard const guard(mutex_);
            if (!queue_.empty()) {
                batch = std::move(queue_.front());
                queue_.pop_front();
                queued_ -= batch->records.size();
            }
            sample = std::exchange(tick_due_, false) && !closed_;
            over = batch == nullptr && closed_;
        }
        if (sample && hook_.listens(hook_moment::on_sample)) {
            progress const now = run_.progress();
            auto telling = call(hook_moment::on_sample, &now);
            co_await telling;
        }
        if (batch != nullptr) {
            auto telling = tell(*batch);
            co_await telling;
        }
        if (over) break;
    }
    std::lock_guard const guard(mutex_);
    // An alarm that is on its way already holds the observer itself.
    if (tick_armed_ && run_.time().cancel(tick_)) {
        tick_.keep.reset();
        tick_.keep_run.reset();
    }
}

// Calls a method of the hook and awaits it; what it throws is kept from the run.
async<void> observer::call(hook_moment moment, void const* event) {
    try {
        std::optional<async<void>> told = hook_.call(moment, event);
        if (told) co_await *told;
    } catch (...) {
        run_.hook_failed(error::from_exception(std::current_exception()));
    }
}

async<void> observer::tell(event_batch const& batch) {
    if (batch.run != nullptr && hook_.listens(batch.run_moment)) {
        run_event told = *batch.run;
        told.events_dropped = dropped();
        auto telling = call(batch.run_moment, &told);
        co_await telling;
    }
    event_maker maker(run_, batch);
    for (event_record const& record : batch.records) {
        if (fiber_.cancel_requested()) {
            std::lock_guard const guard(mutex_);
            dropped_ += batch.records.size() - static_cast<std::size_t>(&record - batch.records.data());
            co_return;
        }
        if (!hook_.listens(record.moment)) continue;
        auto telling = call(record.moment, maker.make(record));
        co_await telling;
    }
}

}  // namespace frond
