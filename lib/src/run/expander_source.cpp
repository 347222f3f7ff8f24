#include "expander_source.hpp"

#include "instance.hpp"
#include "puller.hpp"
#include "run_core.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace frond {

expander_source::expander_source(open_expansion& of, unsigned batch_capacity) noexcept
    : of_(of),
      capacity_(batch_capacity),
      home_(of.spec.steps.front().on != nullptr ? *of.spec.steps.front().on : of.run.on()),
      fiber_(*this, home_) {
    context_.in = &of.parent;
    context_.spec = &of.spec;
}

expander_source::~expander_source() {
    close();
    if (stash_) stash_->destroy_rest();
}

void expander_source::close() noexcept {
    if (std::exchange(made_, false)) step().body->close(call_.state);
}

pull_result expander_source::pull(puller& by, unsigned want, bool guest) noexcept {
    if (!gate_.try_enter()) {
        if (guest && gate_.awaiting()) return pull_result::busy;
        by.let_go();
        if (!of_.pending.take_or_park(by, [&] { return gate_.enter(by); })) return pull_result::parked;
    }
    unsigned count = 0;
    stash_want_ = want;
    if (stash_ && !stash_->empty()) {
        count = take_stash(by);
    } else if (!ended_ && !of_.stopping()) {
        if (!at_home()) {
            // The expander runs on its own executor and fills the stash. The lane waits at the gate.
            by.let_go();
            of_.pending.add();
            park_at_gate(by);
            gate_.awaiting(true);
            home_.post(visit_);
            return pull_result::parked;
        }
        if (!open()) {
            // The expander has failed, and is over.
        } else if (!coroutine_) {
            count = take_range(by.batch.parameter(0), want);
        } else if (!make_stash()) {
            // Out of memory: values that the expander yields after an await would have no place, so it is over.
        } else if (advance(by.batch.parameter(0), want)) {
            count = std::exchange(promise().count, 0U);
            by.batch.keys.swap(promise().keys);
        } else {
            // The expander awaits, and has yielded nothing in this call. The lane must wait at the gate before the
            // expander may go on.
            by.let_go();
            await_into_stash(&by);
            return pull_result::parked;
        }
    }
    see_expected();
    if (count != 0) hand_out(by, count);
    if (ended_ && (!stash_ || stash_->empty())) {
        by.tell();  // its last children come before its end
        of_.source_ended();
        end_told_ = true;
    }
    if (count == 0) {
        gate_.leave();
        return pull_result::over;
    }
    if (coroutine_ && !ended_ && at_home() && promise().postponed != nullptr) {
        // The expander has postponed an await until its values are taken. They are, so the await begins.
        if (advance(nullptr, stash_want_)) {
            returned();
        } else {
            await_into_stash(nullptr);
        }
        return pull_result::some;
    }
    gate_.leave();
    return pull_result::some;
}

// The lane holds the gate, and is put into the list of lanes that wait for it. The caller has added the expander to the
// pending work already.
void expander_source::park_at_gate(puller& by) noexcept {
    of_.pending.park(by, [&] {
        [[maybe_unused]] bool const entered = gate_.enter(by);
        assert(!entered);
    });
}

void expander_source::hand_out(puller& by, unsigned count) noexcept {
    std::uint64_t const first = next_index_;
    next_index_ += count;
    std::uint64_t const total = of_.total().value_or(event_record::unknown);
    if (next_index_ > total) of_.know_total(event_record::unknown);  // the expander had announced fewer children
    of_.run.counts.children_yielded(of_.scope, count);
    by.got(first, count);
}

// Tells hooks the number of children that the expander has announced: once, and not any more once the true number is
// known. An announced number that turns out to be too small is forgotten.
void expander_source::see_expected() noexcept {
    if (end_told_) return;
    if (made_ && coroutine_) expected_ = promise().expected;
    if (!expected_ || expected_ == of_.total() || *expected_ < next_index_) return;
    of_.know_total(*expected_);
    event_record record;
    record.moment = hook_moment::total_known;
    record.total = *expected_;
    of_.tell(record);
}

// The source will yield no more. Behind the gate, or when no lane is left; a second call has no effect but its failure.
void expander_source::over(std::optional<error> failure) noexcept {
    if (failure && !(failure->is_canceled() && of_.stopping())) failure_ = of_.fail(std::move(*failure));
    ended_ = true;
}

task_end expander_source::end() const noexcept {
    if (failure_) return task_end::failed(*failure_);
    return !ended_ && of_.cancelled() ? task_state::cancelled : task_state::succeeded;
}

void expander_source::forget_progress() noexcept {
    if (context_.told) of_.run.news.bodies.forget(context_);
}

// ---- the expander's body

void expander_source::prepare() noexcept {
    instance const& parent = of_.parent;
    call_.args.bases = parent.bases;
    call_.args.places = step().arguments.data();
    call_.state = parent.block + step().state_offset;
    call_.self = step().self;
    call_.on = &fiber_;
}

// Makes the expander at the first call. False if that throws.
bool expander_source::open() noexcept {
    if (made_) return true;
    auto const opened = open_body();
    if (opened == step_status::failed) {
        over(std::exchange(call_.failure, std::nullopt));
        return false;
    }
    made_ = true;
    coroutine_ = opened == step_status::started;
    if (auto* const size = step().body->size) expected_ = size(call_.state);
    return true;
}

step_status expander_source::open_body() noexcept {
    current_context const here(&context_);
    working_thread::body const inside(pump::thread_here());
    return step().body->open(call_);
}

unsigned expander_source::take_range(std::byte* buffer, unsigned want) noexcept {
    unsigned count = 0;
    current_context const here(&context_);
    working_thread::body const inside(pump::thread_here());
    auto const status = step().body->pull(call_, buffer, want, count);
    if (status == step_status::failed) {
        over(std::move(call_.failure));
    } else if (count < want) {
        over(std::nullopt);
    }
    return count;
}

// Runs the coroutine. Without a buffer, its values go into the stash. True if the coroutine has stopped, false if it
// awaits something.
bool expander_source::advance(std::byte* buffer, unsigned want) noexcept {
    if (buffer == nullptr) {
        if (!make_stash()) return true;
        buffer = stash_->parameter(0);
    }
    auto& running = promise();
    running.buffer = buffer;
    running.capacity = want;
    running.count = 0;
    running.keys.clear();
    bool const stopped = running.advance(call_.frame);
    if (stopped && running.ended) {
        over(running.exception ? std::optional(error::from_exception(std::exchange(running.exception, {})))
                               : std::nullopt);
    }
    return stopped;
}

// ---- an expander that awaits

// The expander awaits. Values that it yields afterwards go into the stash. The gate stays held until the expander has
// stopped; a lane that waits for these values waits at the gate.
void expander_source::await_into_stash(puller* waiting) noexcept {
    promise().buffer = stash_->parameter(0);
    promise().capacity = stash_want_;
    of_.pending.add();
    if (waiting != nullptr) park_at_gate(*waiting);
    gate_.awaiting(true);
    leave_waiting();
}

void expander_source::leave_waiting() noexcept {
    fiber_.enter_room();
    if (of_.unwanted()) fiber_.interrupt_wait();
    // Must come before settle(): until then the expander counts as awaiting, and cannot go on.
    of_.pending.look();
    if (fiber_.settle()) stopped(fiber_);
}

void expander_source::interrupt() noexcept { fiber_.interrupt_wait(); }

void expander_source::stopped(fiber& self) noexcept {
    expander_source& me = static_cast<fiber_of_source&>(self).of;
    me.fiber_.leave_room();
    auto& ended = me.promise();
    if (ended.ended) {
        me.over(ended.exception ? std::optional(error::from_exception(std::exchange(ended.exception, {})))
                                : std::nullopt);
    }
    if (!me.at_home()) {
        me.come_back();
        return;
    }
    me.returned();
    me.of_.pending.drop();
}

// The expander is back from an await, or from its own executor: its values are in the stash. A postponed await begins
// when a lane has taken them.
void expander_source::returned() noexcept {
    if (coroutine_ && stash_) {
        stash_->count = std::exchange(promise().count, 0U);
        stash_->keys.swap(promise().keys);
    }
    gate_.awaiting(false);
    gate_.leave();
}

bool expander_source::make_stash() noexcept {
    if (stash_) return true;
    try {
        stash_.emplace(*of_.scope.parameter, capacity_);
        return true;
    } catch (...) {
        over(error::out_of_memory());
        return false;
    }
}

unsigned expander_source::take_stash(puller& by) noexcept {
    try {
        by.batch.take(*stash_);
    } catch (...) {
        over(error::from_exception(std::current_exception()));
    }
    return by.batch.count;
}

// ---- an expander on an executor of its own

// There: fills the stash and comes back.
void expander_source::visit_home() noexcept {
    auto const began = of_.run.time().now();
    if (of_.stopping() || !make_stash() || !open()) {
        come_back();
    } else if (!coroutine_) {
        stash_->count = take_range(stash_->parameter(0), visit_want_);
        pace_visits(began);
        come_back();
    } else if (advance(nullptr, visit_want_)) {
        pace_visits(began);
        come_back();
    } else {
        leave_waiting();
    }
}

// Adapts the number of values of a visit: many from a quick expander, one from a slow expander, whose children would
// wait.
void expander_source::pace_visits(time_point began) noexcept {
    auto const took = of_.run.time().now() - began;
    if (took < std::chrono::microseconds(20)) {
        visit_want_ = std::min(2 * visit_want_, capacity_);
    } else if (took > std::chrono::microseconds(100)) {
        visit_want_ = std::max(visit_want_ / 2, 1U);
    }
}

void expander_source::come_back() noexcept { of_.run.on().post(return_); }

void expander_source::back_from_home() noexcept {
    returned();
    of_.pending.drop();
}

}  // namespace frond
