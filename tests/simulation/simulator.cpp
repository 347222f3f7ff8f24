#include "simulator.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace frond::simulation {

namespace {

constexpr auto far = std::chrono::hours(1);   // an alarm for later than that goes off only when all is idle
constexpr std::uint64_t endless = 1'000'000;  // steps; no scenario comes near

}  // namespace

class simulator::simulated_executor final : public executor {
public:
    simulated_executor(simulator& world, unsigned concurrency) noexcept : world_(world), concurrency_(concurrency) {}

    void post(work& item) noexcept override { world_.ready_.push_back({&item, this}); }

    void dispatch(work& item) noexcept override {
        // Whoever dispatches from no pump stands in for a handler on one of the executor's threads, or on a foreign
        // one.
        bool const at_once =
            world_.stepping_ && pump::current() == nullptr && world_.schedule_dice_.percent(world_.inline_percent_);
        if (at_once) {
            pump::drive(item, *this);
        } else {
            post(item);
        }
    }

    unsigned concurrency() const noexcept override { return concurrency_; }

private:
    simulator& world_;
    unsigned concurrency_;
};

simulator::simulator(std::uint64_t seed, unsigned concurrency)
    : seed_(seed), schedule_dice_(seed * 3), clock_dice_(seed * 3 + 1), test_dice_(seed * 3 + 2) {
    constexpr unsigned time_percents[] = {0, 5, 30, 80};
    constexpr unsigned inline_percents[] = {0, 50, 100};
    constexpr unsigned drifts[] = {0, 0, 3, 700};
    order_ = static_cast<order>(schedule_dice_.below(4));
    time_percent_ = time_percents[schedule_dice_.below(4)];
    inline_percent_ = inline_percents[schedule_dice_.below(3)];
    drift_ = drifts[schedule_dice_.below(4)];
    executors_.emplace_back(*this, concurrency);
}

simulator::~simulator() = default;

executor& simulator::on() noexcept { return executors_.front(); }

executor& simulator::add_executor(unsigned concurrency) {
    auto& added = executors_.emplace_back(*this, concurrency);
    starved_ = &executors_[schedule_dice_.below(executors_.size())];
    return added;
}

bool simulator::step() {
    if (idle()) return false;
    ++steps_;
    bool const was_stepping = std::exchange(stepping_, true);
    if (!moments_.empty() && (schedule_dice_.percent(3) || (ready_.empty() && alarms_.empty()))) {
        auto const at = schedule_dice_.below(moments_.size());
        auto const moment = std::move(moments_[at]);
        moments_.erase(moments_.begin() + static_cast<std::ptrdiff_t>(at));
        trace_ = trace_ * 31 + 7;
        moment();
    } else if (!alarms_.empty() && (ready_.empty() || time_moves())) {
        fire_next();
    } else {
        run_ready();
    }
    stepping_ = was_stepping;
    return true;
}

bool simulator::time_moves() {
    if (!schedule_dice_.percent(time_percent_)) return false;
    return std::any_of(alarms_.begin(), alarms_.end(), [&](alarm const* each) { return each->when - now_ <= far; });
}

void simulator::run_until(std::function<bool()> const& over) {
    while (!over()) {
        if (steps_ > endless) {
            expect(false, "the run ends: it does things for ever");
            throw hang();
        }
        if (!step()) {
            expect(false, "the run ends: nothing is ready, no alarm is set, and it has not finished");
            throw hang();
        }
    }
}

void simulator::run_out() {
    while (step()) {
        if (steps_ > endless) {
            expect(false, "things come to rest");
            throw hang();
        }
    }
}

void simulator::at_some_moment(std::function<void()> how) { moments_.push_back(std::move(how)); }

std::size_t simulator::choose_ready() {
    std::size_t const last = ready_.size() - 1;
    bool const as_usual = schedule_dice_.percent(85);
    switch (order_) {
        case order::newest:
            if (as_usual) return last;
            break;
        case order::oldest:
            if (as_usual) return 0;
            break;
        case order::starving:
            for (std::size_t i = 0; i <= last; ++i) {
                std::size_t const at = schedule_dice_.below(last + 1);
                if (ready_[at].on != starved_) return at;
            }
            break;
        case order::fair: break;
    }
    return schedule_dice_.below(last + 1);
}

void simulator::run_ready() {
    std::size_t const at = choose_ready();
    trace_ = trace_ * 31 + at;
    auto const chosen = ready_[at];
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(at));
    pump::drive(*chosen.item, *chosen.on);
}

void simulator::fire_next() {
    std::size_t next = 0;
    for (std::size_t i = 1; i < alarms_.size(); ++i) {
        bool const earlier = alarms_[i]->when < alarms_[next]->when;
        bool const as_early = alarms_[i]->when == alarms_[next]->when;
        if (earlier || (as_early && schedule_dice_.percent(50))) next = i;
    }
    alarm& item = *alarms_[next];
    trace_ = trace_ * 31 + static_cast<std::uint64_t>(item.when.time_since_epoch().count());
    remove_alarm(next);
    now_ = std::max(now_, item.when);
    item.on->dispatch(item);
}

time_point simulator::now() const noexcept {
    if (drift_ != 0) now_ += std::chrono::microseconds(clock_dice_.below(drift_));
    return now_;
}

void simulator::wait(alarm& item) noexcept {
    alarms_.push_back(&item);
    place_alarm(item, alarms_.size() - 1);
}

bool simulator::cancel(alarm& item) noexcept {
    auto const at = reinterpret_cast<std::uintptr_t>(item.slot);
    if (at == 0) return false;
    remove_alarm(at - 1);
    return true;
}

void simulator::remove_alarm(std::size_t at) noexcept {
    alarms_[at]->slot = nullptr;
    alarms_[at] = alarms_.back();
    alarms_.pop_back();
    if (at < alarms_.size()) place_alarm(*alarms_[at], at);
}

void simulator::place_alarm(alarm& item, std::size_t at) noexcept { item.slot = reinterpret_cast<void*>(at + 1); }

void simulator::expect(bool kept, std::string_view promise) noexcept {
    if (kept || !broken_.empty()) return;
    broken_ = promise;
    // At once: what comes after a broken promise may not come to its end.
    std::fprintf(stderr, "seed %llu: broken: %s\n", static_cast<unsigned long long>(seed_), broken_.c_str());
}

sleep_awaiter::waking::waking(sleep_awaiter& of_awaiter) noexcept
    : alarm([](work& self) noexcept { static_cast<waking&>(self).of.on_->wake(); }), of(of_awaiter) {}

sleep_awaiter::interrupting::interrupting(sleep_awaiter& of_awaiter) noexcept
    : interrupt([](interrupt& self) noexcept {
          auto& me = static_cast<interrupting&>(self).of;
          // An alarm that has gone off is on its way and wakes.
          if (!me.world_.cancel(me.alarm_)) return;
          me.interrupted_ = true;
          me.on_->wake();
      }),
      of(of_awaiter) {}

void sleep_awaiter::suspend(std::coroutine_handle<> frame, fiber& on) noexcept {
    on_ = &on;
    on.suspend_at(frame);
    on.interruptible(interrupt_);
    alarm_.on = &on.home();
    alarm_.when = world_.now() + how_long_;
    world_.wait(alarm_);
}

yield_awaiter::waking::waking(yield_awaiter& of_awaiter) noexcept
    : work([](work& self) noexcept { static_cast<waking&>(self).of.on_->wake(); }), of(of_awaiter) {}

void yield_awaiter::suspend(std::coroutine_handle<> frame, fiber& on) noexcept {
    on_ = &on;
    on.suspend_at(frame);
    if (world_.schedule_dice_.percent(25)) {
        on.wake();
    } else {
        on.home().post(item_);
    }
}

}  // namespace frond::simulation
