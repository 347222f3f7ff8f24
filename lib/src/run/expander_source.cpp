#include "expander_source.hpp"

#include "instance.hpp"
#include "node_attempts.hpp"
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
      body_(of.spec, of.parent),
      fiber_(*this, home_),
      in_visits_(&home_ != &of.run.on() || is_wrapped(of.parent, body_.step())) {}

expander_source::~expander_source() {
    body_.close();
    if (stash_) stash_->destroy_rest();
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
        if (in_visits_) {
            by.let_go();
            of_.pending.add();
            park_at_gate(by);
            begin_visit();
            return pull_result::parked;
        }
        if (!body_.open()) {
            see_end();
        } else if (!body_.is_coroutine()) {
            count = body_.take_range(by.batch.parameter(0), want);
            see_end();
        } else if (!make_stash()) {
            // Out of memory: values that the expander yields after an await would have no place, so it is over.
        } else if (body_.advance(by.batch.parameter(0), want)) {
            count = body_.take_values(by.batch.keys);
            see_end();
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
    if (body_.is_coroutine() && !ended_ && !in_visits_ && body_.has_postponed_await()) {
        // The expander has postponed an await until its values are taken. They are, so the await begins.
        if (advance_into_stash()) {
            free_gate();
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
    of_.sent_out(count);
    by.got(first, count);
}

// Tells hooks the number of children that the expander has announced: once, and not any more once the true number is
// known. An announced number that turns out to be too small is forgotten.
void expander_source::see_expected() noexcept {
    if (end_told_) return;
    auto const expected = body_.expected();
    if (!expected || expected == of_.total() || *expected < next_index_) return;
    of_.know_total(*expected);
    event_record record;
    record.moment = hook_moment::total_known;
    record.total = *expected;
    of_.tell(record);
}

// The source will yield no more. Behind the gate, or when no lane is left; a second call has no effect but its failure.
void expander_source::over(std::optional<error> failure) noexcept {
    ended_ = true;
    if (!failure) return;
    if (!failure->judged(of_.stopping()).is_canceled()) {
        failure_ = of_.fail(std::move(*failure));
    } else if (of_.cancelled()) {
        cut_short_ = true;
    }
}

// To be called after each call of the body.
void expander_source::see_end() noexcept {
    if (body_.ended()) over(body_.take_failure());
}

task_end expander_source::end() const noexcept {
    if (failure_) return task_end::failed(*failure_);
    return cut_short_ || (!ended_ && of_.cancelled()) ? task_state::cancelled : task_state::succeeded;
}

void expander_source::forget_progress() noexcept {
    if (body_.context.told) of_.run.news.bodies.forget(body_.context);
}

// ---- an expander that awaits

// The expander awaits. Values that it yields afterwards go into the stash. The gate stays held until the expander has
// stopped; a lane that waits for these values waits at the gate.
void expander_source::await_into_stash(puller* waiting) noexcept {
    body_.set_buffer(stash_->parameter(0), stash_want_);
    of_.pending.add();
    if (waiting != nullptr) park_at_gate(*waiting);
    gate_.awaiting(true);
    leave_waiting();
}

// True if the coroutine has stopped, and false if it awaits.
bool expander_source::advance_into_stash() noexcept {
    if (!body_.advance(stash_->parameter(0), stash_want_)) return false;
    take_into_stash();
    see_end();
    return true;
}

// The coroutine has stopped: its values are in the stash.
void expander_source::take_into_stash() noexcept {
    body_.stopped();
    stash_->count = body_.take_values(stash_->keys);
}

void expander_source::leave_waiting() noexcept {
    if (!parked()) stopped(fiber_);
}

// The frames wait. True: they have parked. False: they have stopped meanwhile.
bool expander_source::parked() noexcept {
    fiber_.enter_room();
    if (of_.unwanted()) fiber_.interrupt_wait();
    // Must come before settle(): until then the expander counts as awaiting, and cannot go on.
    of_.pending.look();
    return !fiber_.settle();
}

void expander_source::interrupt() noexcept { fiber_.interrupt_wait(); }

void expander_source::stopped(fiber& self) noexcept {
    expander_source& me = static_cast<fiber_of_source&>(self).of;
    me.fiber_.leave_room();
    if (me.in_visits_) {
        me.go_on(true);
        return;
    }
    me.take_into_stash();
    if (me.home_.is_gone()) me.end_with_home();
    me.see_end();
    me.free_gate();
    me.of_.pending.drop();
}

// The frames are destroyed here, while the context's timers and sockets in them can still be. An expander that is to stop
// anyway has not failed by that.
void expander_source::end_with_home() noexcept {
    if (!of_.stopping()) over(error::executor_gone());
    body_.close();
    wrapped_.reset();
}

// The expander is back: its values are in the stash. A postponed await begins when a lane has taken them.
void expander_source::free_gate() noexcept {
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

// ---- an expander that runs in visits

// The gate is held, and the visit is pending.
void expander_source::begin_visit() noexcept {
    gate_.awaiting(true);
    home_.post(visit_);
}

// On the expander's executor.
void expander_source::visit() noexcept {
    if (home_.is_gone()) {
        end_with_home();
        come_back();
    } else if (!closing_ && (of_.stopping() || !make_stash() || !wrap())) {
        come_back();
    } else {
        go_on(false);
    }
}

bool expander_source::wrap() noexcept {
    if (wrapped_ || !is_wrapped(of_.parent, body_.step())) return true;
    try {
        wrapped_.emplace(of_, body_, fiber_);
        return true;
    } catch (...) {
        over(error::out_of_memory());
        return false;
    }
}

// Runs the body and its interceptors by turns, and comes back when there are values or will be no more. `waited`: the frames have
// waited, and have just stopped.
void expander_source::go_on(bool waited) noexcept {
    time_point const began = waited ? time_point() : of_.run.time().now();
    bool stopped = waited;
    do {
        if (!std::exchange(stopped, false) && !run_frames()) {
            if (parked()) return;
            fiber_.leave_room();
            waited = true;
        }
    } while (!is_back());
    if (!waited) pace_visits(began);
    come_back();
}

// True: they have stopped. False: they wait.
bool expander_source::run_frames() noexcept {
    inside_ = !wrapped_ || (wrapped_->waits_for_body() && !body_.ended() && !closing_);
    if (!inside_) return fiber_.begin(wrapped_->go_on());
    if (!body_.open()) return true;
    unsigned const want = at_home() ? stash_want_ : visit_want_;
    if (body_.is_coroutine()) return body_.advance(stash_->parameter(0), want);
    stash_->count = body_.take_range(stash_->parameter(0), want);
    return true;
}

// The frames have stopped, or the range.
bool expander_source::is_back() noexcept {
    if (inside_ && body_.is_coroutine()) take_into_stash();
    if (home_.is_gone()) {
        end_with_home();
        return true;
    }
    if (!wrapped_) {
        see_end();
        return true;
    }
    if (inside_) return stash_->count != 0 || !body_.ended();
    if (wrapped_->waits_for_body()) return !closing_ && of_.stopping();
    over(wrapped_->take_failure());
    wrapped_.reset();
    return true;
}

// Adapts the number of values of a visit to another executor: many from a quick expander, one from a slow expander, whose children
// would wait.
void expander_source::pace_visits(time_point began) noexcept {
    auto const took = of_.run.time().now() - began;
    if (took < std::chrono::microseconds(20)) {
        visit_want_ = std::min(2 * visit_want_, capacity_);
    } else if (took > std::chrono::microseconds(100)) {
        visit_want_ = std::max(visit_want_ / 2, 1U);
    }
}

void expander_source::come_back() noexcept { of_.run.on().post(return_); }

void expander_source::back_from_visit() noexcept {
    free_gate();
    of_.pending.drop();
}

bool expander_source::close() noexcept {
    if (!wrapped_) {
        body_.close();
        return true;
    }
    closing_ = true;
    of_.pending.add();
    [[maybe_unused]] bool const entered = gate_.try_enter();
    assert(entered);
    begin_visit();
    return false;
}

}  // namespace frond
