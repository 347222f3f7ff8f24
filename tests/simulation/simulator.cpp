#include "simulator.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace frond::simulation {

namespace {

// an alarm for later than that goes off only when all is idle and no moment is left to come
constexpr auto far = std::chrono::hours(1);
constexpr std::uint64_t endless = 1'000'000;  // steps; no scenario comes near

}  // namespace

class simulator::simulated_executor final : public executor {
public:
    simulated_executor(simulator& world, unsigned concurrency)
        : simulated_executor(world, concurrency, concurrency != 0 ? concurrency : world.schedule_dice_.between(1, 3)) {}
    simulated_executor(simulator& world, unsigned concurrency, std::uint64_t threads)
        : world_(world), concurrency_(concurrency) {
        busy_.resize(threads);
        free_ = busy_.size();
    }

    void post(work& item) noexcept override { world_.ready_.push_back({&item, this}); }

    void dispatch(work& item) noexcept override {
        // Whoever dispatches from no pump stands in for a handler on one of the executor's threads, or on a foreign
        // one.
        bool const at_once = world_.stepping_ && pump::current() == nullptr && has_free_thread() &&
                             world_.schedule_dice_.percent(world_.inline_percent_);
        if (at_once) {
            run(item);
        } else {
            post(item);
        }
    }

    unsigned concurrency() const noexcept override { return concurrency_; }

    void const* this_thread() const noexcept override {
        return world_.here_ != nullptr ? world_.here_ : &world_.baton_.here();
    }

    bool has_free_thread() const noexcept { return free_ != 0; }

    /// On a free thread that the seed chooses.
    void run(work& item) noexcept {
        bool& mine = choose_thread();
        mine = true;
        --free_;
        void const* const before = std::exchange(world_.here_, &mine);
        pump::drive(item, *this);
        world_.here_ = before;
        ++free_;
        mine = false;
    }

private:
    bool& choose_thread() noexcept {
        assert(free_ != 0);
        if (busy_.size() == 1) return busy_.front();
        std::uint64_t left = world_.schedule_dice_.below(free_);
        world_.trace_ = world_.trace_ * 31 + left;
        std::size_t at = 0;
        while (busy_[at] || left-- != 0) ++at;
        return busy_[at];
    }

    simulator& world_;
    unsigned concurrency_;
    std::deque<bool> busy_;  // by virtual thread; the address is the thread's name
    std::size_t free_ = 0;
};

simulator::simulator(std::uint64_t seed, unsigned concurrency)
    : seed_(seed), schedule_dice_(seed * 3), clock_dice_(seed * 3 + 1), test_dice_(seed * 3 + 2), baton_([this] {
          advance();
      }) {
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

executor& simulator::add_silent_executor(unsigned threads) {
    auto& added = executors_.emplace_back(*this, 0, threads);
    starved_ = &executors_[schedule_dice_.below(executors_.size())];
    return added;
}

bool simulator::step() {
    // While nobody has stopped, every executor has a free thread.
    bool const all = stopped_.empty();
    if (!all) find_runnable();
    bool const can_run = all ? !ready_.empty() : !runnable_.empty();
    bool const time_can_move = !alarms_.empty() || (!all && next_time() != never);
    if (!can_run && !time_can_move && moments_.empty()) return false;
    ++steps_;
    bool const was_stepping = std::exchange(stepping_, true);
    bool const only_far = !can_run && next_time() - now_ > far;
    // A computation is short in steps, however long it is.
    unsigned const moment_percent = all ? 3 : 25;
    if (!moments_.empty() && (schedule_dice_.percent(moment_percent) || only_far)) {
        auto const at = schedule_dice_.below(moments_.size());
        auto const moment = std::move(moments_[at]);
        moments_.erase(moments_.begin() + static_cast<std::ptrdiff_t>(at));
        trace_ = trace_ * 31 + 7;
        moment();
    } else if (time_can_move && (!can_run || time_moves())) {
        fire_next();
    } else {
        run_ready(all);
    }
    stepping_ = was_stepping;
    return true;
}

bool simulator::time_moves() {
    auto const due = [&](stopped_thread const* each) { return each->until <= now_; };
    if (!stopped_.empty() && std::any_of(stopped_.begin(), stopped_.end(), due)) return schedule_dice_.percent(50);
    if (!schedule_dice_.percent(time_percent_)) return false;
    return next_time() - now_ <= far;
}

// Of the next alarm or end of a computation.
time_point simulator::next_time() const noexcept {
    time_point next = never;
    for (alarm const* const each : alarms_) next = std::min(next, each->when);
    for (stopped_thread const* const each : stopped_) next = std::min(next, each->until);
    return next;
}

void simulator::run_until(std::function<bool()> const& over) {
    for (;;) {
        throw_if_given_up();
        if (over()) return;
        if (steps_ > endless) {
            give_up("the run ends: it does things for ever");
        } else if (!step()) {
            give_up("the run ends: nothing is ready, no alarm is set, and it has not finished");
        }
    }
}

void simulator::run_out() {
    for (;;) {
        throw_if_given_up();
        if (idle()) return;
        if (steps_ > endless || !step()) give_up("things come to rest");
    }
}

// ---- threads that stop in the midst of an item

void simulator::compute(duration how_long) noexcept {
    if (given_up_) {
        // Whoever computes again and again would keep the hang from being told.
        if (++steps_ > 2 * endless) std::abort();
        return;
    }
    if (how_long <= duration::zero()) return;
    time_point const end = now_ + how_long;
    if (!stepping_ || undisturbed_until(end)) {
        now_ = end;
        return;
    }
    stopped_thread self{nullptr, end};
    stop(self);
}

// True if nothing could happen beside a computation that ends then.
bool simulator::undisturbed_until(time_point end) {
    if (!moments_.empty() || next_time() <= end) return false;
    return std::none_of(ready_.begin(), ready_.end(),
                        [](ready_item const& each) { return each.on->has_free_thread(); });
}

void simulator::stop(stopped_thread& self) noexcept {
    self.who = &baton_.here();
    stopped_.push_back(&self);
    void const* const here = here_;
    here_ = nullptr;
    baton_.lend();
    here_ = here;
}

void simulator::go_on(std::size_t at) noexcept {
    stopped_thread& next = *stopped_[at];
    trace_ = trace_ * 31 + at;
    stopped_.erase(stopped_.begin() + static_cast<std::ptrdiff_t>(at));
    baton_.pass_to(*next.who);
}

// The step of a worker, while the thread of the test is inside an item that has stopped.
void simulator::advance() {
    if (given_up_) {
        go_on(0);
    } else if (steps_ > endless) {
        give_up("the run ends: it does things for ever");
    } else if (!step()) {
        give_up("the run ends: nothing is ready, no alarm is set, and it has not finished");
    }
}

void simulator::give_up(std::string_view broken_promise) noexcept {
    expect(false, broken_promise);
    given_up_ = true;
}

// Only here, on the thread of the test: others are inside of code that must not throw.
void simulator::throw_if_given_up() {
    if (!given_up_) return;
    while (!stopped_.empty()) go_on(0);
    throw hang();
}

void rendezvous::arrive() noexcept {
    if (world_.given_up_) return;
    assert(world_.stepping_);
    if (waiting_.size() + 1 < count_) {
        simulator::stopped_thread self{nullptr, simulator::never};
        waiting_.push_back(&self);
        world_.stop(self);
        return;
    }
    for (simulator::stopped_thread* const each : waiting_) each->until = world_.now_;
    waiting_.clear();
}

void simulator::at_some_moment(std::function<void()> how) { moments_.push_back(std::move(how)); }

// Which of `ready_` runs next; of `runnable_`, unless all can.
std::size_t simulator::choose_ready(std::size_t count, bool all) {
    std::size_t const last = count - 1;
    bool const as_usual = schedule_dice_.percent(85);
    auto const at = [&](std::size_t i) { return all ? i : runnable_[i]; };
    switch (order_) {
        case order::newest:
            if (as_usual) return at(last);
            break;
        case order::oldest:
            if (as_usual) return at(0);
            break;
        case order::starving:
            for (std::size_t i = 0; i <= last; ++i) {
                std::size_t const chosen = at(schedule_dice_.below(last + 1));
                if (ready_[chosen].on != starved_) return chosen;
            }
            break;
        case order::fair: break;
    }
    return at(schedule_dice_.below(last + 1));
}

void simulator::find_runnable() {
    runnable_.clear();
    for (std::size_t i = 0; i < ready_.size(); ++i) {
        if (ready_[i].on->has_free_thread()) runnable_.push_back(i);
    }
}

void simulator::run_ready(bool all) {
    std::size_t const at = choose_ready(all ? ready_.size() : runnable_.size(), all);
    trace_ = trace_ * 31 + at;
    auto const chosen = ready_[at];
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(at));
    chosen.on->run(*chosen.item);
}

void simulator::fire_next() {
    // Alarms first, then those who have stopped.
    std::size_t const count = alarms_.size() + stopped_.size();
    auto const when = [&](std::size_t i) {
        return i < alarms_.size() ? alarms_[i]->when : stopped_[i - alarms_.size()]->until;
    };
    std::size_t next = 0;
    for (std::size_t i = 1; i < count; ++i) {
        bool const earlier = when(i) < when(next);
        bool const as_early = when(i) == when(next);
        if (earlier || (as_early && schedule_dice_.percent(50))) next = i;
    }
    now_ = std::max(now_, when(next));
    if (next < alarms_.size()) {
        fire_alarm(next);
    } else {
        go_on(next - alarms_.size());
    }
}

void simulator::fire_alarm(std::size_t at) {
    alarm& item = *alarms_[at];
    trace_ = trace_ * 31 + static_cast<std::uint64_t>(item.when.time_since_epoch().count());
    remove_alarm(at);
    item.on->dispatch(item);
}

time_point simulator::now() const noexcept {
    if (drift_ == 0) return now_;
    time_point moved = now_ + std::chrono::microseconds(clock_dice_.below(drift_));
    // A computation does not end late because somebody else looked at the clock.
    for (stopped_thread const* const each : stopped_) moved = std::min(moved, std::max(now_, each->until));
    return now_ = moved;
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
