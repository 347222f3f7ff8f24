// The source's side of an expansion: who runs the expander, and where what it yields goes.
#include "expansion.hpp"
#include "lane.hpp"
#include "run_state.hpp"
#include "woken_body.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace frond {

expansion::source_fiber::source_fiber(expansion& owner, executor& home) noexcept
    : fiber(home, &expansion::source_stopped), of(owner) {
    if (home.concurrency() != 1) work::run = &source_fiber::woken;
}

// Goes on with an expander that has been woken: see woken_body.
void expansion::source_fiber::woken(work& self) noexcept {
    expansion& me = static_cast<source_fiber&>(self).of;
    go_on_with_woken(me.spec, me.run, [&] { continue_(self); });
}

pull_result expansion::pull(lane& puller, unsigned want, bool guest) noexcept {
    if (!gate_.try_enter()) {
        if (guest && gate_.awaiting()) return pull_result::busy;
        puller.let_go();
        if (!enter_gate(puller)) return pull_result::parked;
    }
    unsigned count = 0;
    stash_want_ = want;
    if (stash_count_ != 0) {
        count = take_stash(puller);
    } else if (!source_ended_ && !stopping()) {
        if (&source_home_ != &run.on()) {
            // It runs elsewhere, into the stash, and the lane waits at the gate.
            puller.let_go();
            add_pending();
            park_at_gate(puller);
            gate_.awaiting(true);
            source_home_.post(source_visit_);
            return pull_result::parked;
        }
        if (!open()) {
            // It has failed, and is over.
        } else if (!coroutine_) {
            count = pull_range(puller.buffer(), want);
        } else if (!make_stash()) {
            // Out of memory, and over: what it yields after an await would have no place.
        } else if (advance(puller.buffer(), want)) {
            auto& promise = spec.steps.front().body->promise(call_.state);
            count = std::exchange(promise.count, 0U);
            puller.keys().swap(promise.keys);
        } else {
            // It awaits, having yielded nothing since the last time: the lane waits at the gate, then the source may go.
            puller.let_go();
            await_into_stash(&puller);
            return pull_result::parked;
        }
    }
    see_expected();
    if (count != 0) hand_out(puller, count);
    if (source_ended_ && stash_count_ == 0) {
        puller.tell();  // its last children come before its end
        tell_over(source_end());
    }
    if (count == 0) {
        gate_.leave();
        return pull_result::over;
    }
    if (coroutine_ && !source_ended_ && &source_home_ == &run.on() &&
        spec.steps.front().body->promise(call_.state).postponed != nullptr) {
        // It is about to await; what it has yielded is taken, so it may.
        if (advance(nullptr, stash_want_)) {
            source_returned();
        } else {
            await_into_stash(nullptr);
        }
        return pull_result::some;
    }
    gate_.leave();
    return pull_result::some;
}

bool expansion::enter_gate(lane& puller) noexcept {
    if (parking_ == nullptr) return gate_.enter(puller);
    return parking_->enter_unless(puller, [&] { return gate_.enter(puller); });
}

// A lane that holds the gate waits for it itself. What it waits for is pending already.
void expansion::park_at_gate(lane& puller) noexcept {
    if (parking_ == nullptr) {
        static_cast<void>(gate_.enter(puller));
        return;
    }
    std::lock_guard const guard(parking_->watch().mutex);
    parking_->enter(puller);
    static_cast<void>(gate_.enter(puller));
}

step_status expansion::open_source() noexcept {
    current_context const here(&context_);
    working_thread::body const inside(pump::thread_here());
    return spec.steps.front().body->open(call_);
}

// Makes the source when it is first asked for something. False if that has failed.
bool expansion::open() noexcept {
    if (source_made_) return true;
    auto const opened = open_source();
    if (opened == step_status::failed) {
        source_over(std::exchange(call_.failure, std::nullopt));
        return false;
    }
    source_made_ = true;
    coroutine_ = opened == step_status::started;
    if (auto* const size = spec.steps.front().body->size) expected_ = size(call_.state);
    return true;
}

// What the source has said of its number of children: told once, and forgotten if there turn out to be more.
void expansion::see_expected() noexcept {
    if (source_made_ && coroutine_) expected_ = spec.steps.front().body->promise(call_.state).expected;
    if (!expected_ || *expected_ == total_.load(std::memory_order_relaxed) || *expected_ < next_index_) return;
    know_total(*expected_);
    event_record record;
    record.moment = hook_moment::total_known;
    record.total = *expected_;
    run.tell_expansion(*this, record);
}

// On the source's own executor: fills the stash and comes back.
void expansion::visit_source() noexcept {
    auto const began = run.time().now();
    if (stopping() || !make_stash() || !open()) {
        come_back();
    } else if (!coroutine_) {
        stash_count_ = pull_range(stash_, visit_want_);
        pace_visits(began);
        come_back();
    } else if (advance(nullptr, visit_want_)) {
        pace_visits(began);
        come_back();
    } else {
        run.room.enter(wait_);
        if (unwanted_.load(std::memory_order_acquire)) run.room.interrupt(wait_);
        if (parking_ != nullptr) look_now(parking_->watch());
        if (fiber_.settle()) source_stopped(fiber_);
    }
}

// Many at a time from a source that is quick; one at a time, lest its children wait, from one that is not.
void expansion::pace_visits(time_point began) noexcept {
    auto const took = run.time().now() - began;
    if (took < std::chrono::microseconds(20)) {
        visit_want_ = std::min(2 * visit_want_, buffer_capacity);
    } else if (took > std::chrono::microseconds(100)) {
        visit_want_ = std::max(visit_want_ / 2, 1U);
    }
}

void expansion::come_back() noexcept {
    source_visit_.run = [](work& self) noexcept {
        expansion& me = static_cast<source_visit&>(self).of;
        me.source_visit_.run = &source_visit::out;
        me.source_returned();
        me.drop_pending();
    };
    run.on().post(source_visit_);
}

bool expansion::make_stash() noexcept {
    if (stash_ != nullptr) return true;
    try {
        stash_ = static_cast<std::byte*>(frame_pool::take(buffer_capacity * scope.parameter->size));
        return true;
    } catch (...) {
        source_over(error::out_of_memory());
        return false;
    }
}

// Runs the coroutine; without a buffer into the stash. True if it has stopped; false if it awaits something.
bool expansion::advance(std::byte* buffer, unsigned want) noexcept {
    auto& promise = spec.steps.front().body->promise(call_.state);
    if (buffer == nullptr) {
        if (!make_stash()) return true;
        buffer = stash_;
    }
    promise.buffer = buffer;
    promise.capacity = want;
    promise.count = 0;
    promise.keys.clear();
    bool const stopped = promise.advance(call_.frame);
    if (stopped && promise.ended) {
        source_over(promise.exception ? std::optional(error::from_exception(std::exchange(promise.exception, {})))
                                      : std::nullopt);
    }
    return stopped;
}

// The coroutine awaits: what it yields afterwards goes into the stash. The gate stays held until it has stopped,
// and a lane that waits for it waits there.
void expansion::await_into_stash(lane* waiting) noexcept {
    auto& promise = spec.steps.front().body->promise(call_.state);
    promise.buffer = stash_;
    promise.capacity = stash_want_;
    add_pending();
    if (waiting != nullptr) park_at_gate(*waiting);
    gate_.awaiting(true);
    run.room.enter(wait_);
    if (unwanted_.load(std::memory_order_acquire)) run.room.interrupt(wait_);
    // Before it settles: until then it is awaiting for whatever looks, and does not go on.
    if (parking_ != nullptr) look_now(parking_->watch());
    if (fiber_.settle()) source_stopped(fiber_);
}

void expansion::source_stopped(fiber& self) noexcept {
    expansion& me = static_cast<source_fiber&>(self).of;
    me.run.room.leave(me.wait_);
    auto& promise = me.spec.steps.front().body->promise(me.call_.state);
    if (promise.ended) {
        me.source_over(promise.exception ? std::optional(error::from_exception(std::exchange(promise.exception, {})))
                                         : std::nullopt);
    }
    if (&me.source_home_ != &me.run.on()) {
        me.come_back();
        return;
    }
    me.source_returned();
    me.drop_pending();
}

// What the source has yielded by itself is in the stash; a postponed await begins when that is taken.
void expansion::source_returned() noexcept {
    if (coroutine_) {
        auto& promise = spec.steps.front().body->promise(call_.state);
        stash_count_ = std::exchange(promise.count, 0U);
        stash_keys_.swap(promise.keys);
    }
    gate_.awaiting(false);
    gate_.leave();
}

unsigned expansion::take_stash(lane& puller) noexcept {
    value_type const& type = *scope.parameter;
    std::byte* const buffer = puller.buffer();
    unsigned const count = std::exchange(stash_count_, 0U);
    puller.keys().swap(stash_keys_);
    stash_keys_.clear();
    if (type.trivial) {
        std::memcpy(buffer, stash_, count * type.size);
        return count;
    }
    unsigned moved = 0;
    try {
        for (; moved < count; ++moved) type.move(buffer + moved * type.size, stash_ + moved * type.size);
    } catch (...) {
        source_over(error::from_exception(std::current_exception()));
    }
    if (type.destroy != nullptr) {
        for (unsigned i = 0; i < count; ++i) type.destroy(stash_ + i * type.size);
    }
    return moved;
}

unsigned expansion::pull_range(std::byte* buffer, unsigned want) noexcept {
    unsigned count = 0;
    current_context const here(&context_);
    working_thread::body const inside(pump::thread_here());
    auto const status = spec.steps.front().body->pull(call_, buffer, want, count);
    if (status == step_status::failed) {
        source_over(std::move(call_.failure));
    } else if (count < want) {
        source_over(std::nullopt);
    }
    return count;
}

void expansion::hand_out(lane& puller, unsigned count) noexcept {
    std::uint64_t const first = next_index_;
    next_index_ += count;
    if (next_index_ > total_.load(std::memory_order_relaxed)) know_total(event_record::unknown);  // it had said less
    run.counts.children_yielded(scope, count);
    puller.got(first, count);
}

// The source will yield no more. Behind the gate, or when no lane is left; a second call has no effect but its failure.
void expansion::source_over(std::optional<error> failure) noexcept {
    if (failure && !(failure->is_canceled() && stopping())) {
        source_failure_ = parent.fail(std::move(*failure), &spec, &spec.steps.front());
    }
    source_ended_ = true;
}

}  // namespace frond
