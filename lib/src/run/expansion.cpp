#include "expansion.hpp"

#include "lane.hpp"
#include "run_state.hpp"
#include "task_run.hpp"

#include <algorithm>
#include <cstring>

namespace frond {

namespace {

constexpr unsigned most_chunks = 64;  // of a stream, waiting to be read or in the hands of lanes

unsigned buffer_capacity_for(plan_scope const& scope, plan const& made) {
    std::size_t const fits = std::clamp<std::size_t>(4096 / scope.parameter->size, 1, 32);
    if (scope.straight) return static_cast<unsigned>(fits);
    // Children that suspend are taken only when there is room for them.
    std::uint32_t const limit = scope.limit != 0 ? std::min(scope.limit, made.options.limit) : made.options.limit;
    return static_cast<unsigned>(std::clamp<std::size_t>(limit / 8, 1, fits));
}

}  // namespace

expansion::expansion(run_state& of_run, instance& of_parent, task_spec const& of_spec)
    : run(of_run),
      parent(of_parent),
      spec(of_spec),
      scope(of_run.plan->scopes[*of_spec.opens]),
      buffer_capacity(buffer_capacity_for(scope, *of_run.plan)),
      sinks_left_(scope.sinks.size()),
      finishing_(*this),
      source_home_(of_spec.steps.front().on != nullptr ? *of_spec.steps.front().on : of_run.on()),
      fiber_(*this, source_home_),
      source_visit_(*this) {
    finishing_.on = &run.on();
    channels.reserve(scope.sinks.size());
    for (auto const& sink : scope.sinks) {
        unsigned const bound = streams(sink.how) ? most_chunks : 0;
        auto& made = *channels.emplace_back(
            std::make_unique<result_channel>(sink.element, takes_results(sink.how), bound));
        if (streams(sink.how)) ::new (parent.block + sink.target) result_channel*(&made);
    }
    auto const& shared = run.open_limiters[*spec.opens];
    open_limiter = shared ? shared.get() : &own_limiter_.emplace(run.plan->options.limit);
    wait_.domain = parent.domain;
    wait_.fiber = &fiber_;
    if (run.tells_tasks()) {
        auto made = std::make_shared<index_path>();
        if (parent.of != nullptr) {
            *made = *parent.of->path;
            made->push_back(parent.index);
        }
        path = std::move(made);
    }
}

expansion::~expansion() {
    if (source_made_) spec.steps.front().body->close(call_.state);
    if (stash_ != nullptr) {
        if (scope.parameter->destroy != nullptr) {
            for (unsigned i = 0; i < stash_count_; ++i) scope.parameter->destroy(stash_ + i * scope.parameter->size);
        }
        frame_pool::give(stash_, buffer_capacity * scope.parameter->size);
    }
}

void expansion::start() noexcept {
    began_ = run.time().now();
    plan_step const& step = spec.steps.front();
    call_.args.bases = parent.bases;
    call_.args.places = step.arguments.data();
    call_.state = parent.block + step.state_offset;
    call_.self = step.self;
    call_.on = &fiber_;
    try {
        pump::current()->push_front(*new lane(*this, false));
    } catch (...) {
        source_over(error::out_of_memory());
        drop_pending();
    }
}

// ---- the source

pull_result expansion::pull(lane& puller, unsigned want, bool guest) noexcept {
    if (!gate_.try_enter()) {
        if (guest && gate_.awaiting()) return pull_result::busy;
        puller.let_go();
        if (!gate_.enter(puller)) return pull_result::parked;
    }
    unsigned count = 0;
    if (stash_count_ != 0) {
        count = take_stash(puller.buffer());
    } else if (!source_ended_ && !stopping()) {
        if (&source_home_ != &run.on()) {
            // It runs elsewhere, into the stash, and the lane waits at the gate.
            puller.let_go();
            static_cast<void>(gate_.enter(puller));
            add_pending();
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
            count = std::exchange(spec.steps.front().body->promise(call_.state).count, 0U);
        } else {
            // It awaits, having yielded nothing since the last time: the lane waits at the gate, then the source may go.
            puller.let_go();
            static_cast<void>(gate_.enter(puller));
            await_into_stash();
            return pull_result::parked;
        }
    }
    if (count != 0) hand_out(puller, count);
    if (source_ended_ && stash_count_ == 0) {
        puller.tell();  // its last children come before its end
        tell_over(source_failed_ ? task_state::failed : task_state::succeeded);
    }
    if (count == 0) {
        gate_.leave();
        return pull_result::over;
    }
    if (coroutine_ && !source_ended_ && &source_home_ == &run.on() &&
        spec.steps.front().body->promise(call_.state).postponed != nullptr) {
        // It is about to await; what it has yielded is taken, so it may.
        if (advance(nullptr, buffer_capacity)) {
            source_returned();
        } else {
            await_into_stash();
        }
        return pull_result::some;
    }
    gate_.leave();
    return pull_result::some;
}

// Makes the source when it is first asked for something. False if that has failed.
bool expansion::open() noexcept {
    if (source_made_) return true;
    auto const opened = spec.steps.front().body->open(call_);
    if (opened == step_status::failed) {
        source_over(std::exchange(call_.failure, std::nullopt));
        return false;
    }
    source_made_ = true;
    coroutine_ = opened == step_status::started;
    return true;
}

// On the source's own executor: fills the stash and comes back.
void expansion::visit_source() noexcept {
    if (!make_stash() || !open()) {
        come_back();
    } else if (!coroutine_) {
        stash_count_ = pull_range(stash_, buffer_capacity);
        come_back();
    } else if (advance(nullptr, buffer_capacity)) {
        come_back();
    } else {
        run.room.enter(wait_);
        if (unwanted_.load(std::memory_order_acquire)) run.room.interrupt(wait_);
        if (fiber_.settle()) source_stopped(fiber_);
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
    bool const stopped = promise.advance(call_.frame);
    if (stopped && promise.ended) {
        source_over(promise.exception ? std::optional(error::from_exception(std::exchange(promise.exception, {})))
                                      : std::nullopt);
    }
    return stopped;
}

// The coroutine awaits: what it yields afterwards goes into the stash. The gate stays held until it has stopped.
void expansion::await_into_stash() noexcept {
    auto& promise = spec.steps.front().body->promise(call_.state);
    promise.buffer = stash_;
    promise.capacity = buffer_capacity;
    add_pending();
    gate_.awaiting(true);
    run.room.enter(wait_);
    if (unwanted_.load(std::memory_order_acquire)) run.room.interrupt(wait_);
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
    if (coroutine_) stash_count_ = std::exchange(spec.steps.front().body->promise(call_.state).count, 0U);
    gate_.awaiting(false);
    gate_.leave();
}

unsigned expansion::take_stash(std::byte* buffer) noexcept {
    value_type const& type = *scope.parameter;
    unsigned const count = std::exchange(stash_count_, 0U);
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
    run.child_counters[*spec.opens].yielded.fetch_add(count, std::memory_order_relaxed);
    for (std::uint32_t const id : scope.specs) {
        run.spec_counters[id].yielded.fetch_add(count, std::memory_order_relaxed);
    }
    puller.got(first, count);
}

// The source will yield no more. Behind the gate, or when no lane is left; a second call has no effect but its failure.
void expansion::source_over(std::optional<error> failure) noexcept {
    if (failure && !(failure->is_canceled() && stopping())) {
        source_failed_ = true;
        parent.fail(std::move(*failure), &spec, &spec.steps.front());
    }
    source_ended_ = true;
}

// ---- its end

void expansion::invite(time_point now) noexcept {
    if (run.single_threaded || over_.load(std::memory_order_relaxed)) return;
    if (now - began_ < std::chrono::microseconds(5) || gate_.awaiting() || !run.take_helper()) return;
    try {
        auto* const guest = new lane(*this, true);
        add_pending();
        run.on().post(*guest);
    } catch (...) {
        run.give_helper();  // out of memory: it goes on without
    }
}

void expansion::skip(std::uint64_t count) noexcept {
    if (count == 0) return;
    run.child_counters[*spec.opens].add(task_state::skipped, count);
    run.skipped_children[*spec.opens].fetch_add(count, std::memory_order_relaxed);
    for (std::uint32_t const id : scope.specs) run.spec_counters[id].add(task_state::skipped, count);
}

void expansion::count_succeeded(std::uint64_t count) noexcept {
    run.child_counters[*spec.opens].add(task_state::succeeded, count);
    for (std::uint32_t const id : scope.specs) run.spec_counters[id].add(task_state::succeeded, count);
}

void expansion::count_failed(task_spec const& failed) noexcept {
    run.child_counters[*spec.opens].add(task_state::failed);
    auto state = task_state::succeeded;
    for (std::uint32_t const id : scope.specs) {
        bool const here = &run.plan->specs[id] == &failed;
        run.spec_counters[id].add(here ? task_state::failed : state);
        if (here) state = task_state::skipped;
    }
}

void expansion::count_undelivered() noexcept {
    run.child_counters[*spec.opens].add(task_state::failed);
    for (std::uint32_t const id : scope.specs) run.spec_counters[id].add(task_state::succeeded);
}

void expansion::drop_pending() noexcept {
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) run.on().wake(finishing_);
}

void expansion::finish_work(work& self) noexcept { static_cast<finishing&>(self).of.finish(); }

void expansion::finish() noexcept {
    if (source_made_) spec.steps.front().body->close(call_.state);
    source_made_ = false;
    task_state state = task_state::succeeded;
    if (source_failed_) {
        state = task_state::failed;
    } else if (!source_ended_ && parent.domain->cancelled()) {
        state = task_state::cancelled;
    }
    source_ended_ = true;
    tell_over(state);
    bool const cancelled = parent.domain->cancelled() || !make_lists();
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (streams(scope.sinks[i].how)) channels[i]->close(cancelled);
    }
    auto const keep = run.shared_from_this();
    instance& of_parent = parent;
    slot_credit credit;
    bool const last = of_parent.expansion_finished(spec, state, credit);
    if (credit.held) keep->slots.give();
    if (last) ended_apart(of_parent);
}

// False if one could not be made: then the failure is the parent's.
bool expansion::make_lists() noexcept {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        plan_sink const& sink = scope.sinks[i];
        if (streams(sink.how)) continue;
        value_type const& type = *sink.parts.front().type;
        try {
            channels[i]->into_list(takes_results(sink.how) ? *type.result_list : *type.list, parent.block + sink.target);
            parent.made(sink.value_index);
        } catch (...) {
            parent.fail(error::from_exception(std::current_exception()), &spec, nullptr);
            return false;
        }
    }
    return true;
}

// Once: the expand task has ended, and the total is known.
void expansion::tell_over(task_state state) noexcept {
    if (over_.exchange(true, std::memory_order_acq_rel)) return;
    run.sources_over[*spec.opens].fetch_add(1, std::memory_order_relaxed);
    task_counters& counts = run.counters_of(spec);
    counts.running.fetch_sub(1, std::memory_order_relaxed);
    counts.add(state);
    if (run.tells(hook_moment::after_expansion) && state == task_state::succeeded) {
        run.tell_expansion(*this, next_index_);
    }
    run.tell_task(parent, spec, hook_moment::after_task, state);
}

void expansion::abandon(std::uint32_t target) noexcept {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (!streams(scope.sinks[i].how) || scope.sinks[i].target != target || channels[i]->abandoned()) continue;
        channels[i]->abandon();
        // Nobody is left who would read: no new children, and the expander need not wait for what it awaits.
        if (sinks_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            unwanted_.store(true, std::memory_order_release);
            run.room.interrupt(wait_);
        }
    }
}

// ---- children

void expansion::put(std::size_t sink_index, instance& child, bool failed, std::byte* element) {
    plan_sink const& sink = scope.sinks[sink_index];
    if (failed) {
        ::new (element) error(child.outcome());
        return;
    }
    std::size_t made = 0;
    try {
        for (; made < sink.parts.size(); ++made) {
            auto const& part = sink.parts[made];
            std::byte* const from = child.at(part.from);
            std::byte* const to = element + sink.element[made].offset;
            if (part.type->trivial) {
                std::memcpy(to, from, part.type->size);
            } else if (part.last_use) {
                part.type->move(to, from);
            } else {
                part.type->copy(to, from);
            }
        }
    } catch (...) {
        while (made-- > 0) {
            if (auto* const destroy = sink.parts[made].type->destroy) destroy(element + sink.element[made].offset);
        }
        throw;
    }
}

void expansion::deliver_apart(instance& child) noexcept {
    child.delivery.run = [](work& self) noexcept {
        instance& in = static_cast<instance::waiting_delivery&>(self).in;
        in.of->deliver_apart(in);
    };
    bool const failed = child.state() == task_state::failed;
    bool const wanted = child.state() == task_state::succeeded || (failed && scope.failures_are_values);
    for (; wanted && child.delivery_sink < channels.size(); ++child.delivery_sink) {
        result_channel& channel = *channels[child.delivery_sink];
        try {
            result_chunk* const chunk = channel.take_chunk(&child.delivery);
            if (chunk == nullptr) return;  // goes on when the collector has read some
            try {
                put(child.delivery_sink, child, failed, chunk->element(channel.stride(), 0));
            } catch (...) {
                channel.give_back(*chunk);
                throw;
            }
            chunk->index[0] = child.index;
            chunk->failed = failed ? 1 : 0;
            chunk->count = 1;
            channel.push(*chunk);
        } catch (...) {
            child.fail(error::from_exception(std::current_exception()), nullptr, nullptr);
            break;
        }
    }
    child_ended(child);
    child.destroy();
    drop_pending();
}

void expansion::child_ended(instance& child) noexcept {
    task_counters& counts = run.child_counters[*spec.opens];
    counts.running.fetch_sub(1, std::memory_order_relaxed);
    counts.add(child.state());
    if (child.holds_open) open_limiter->give();
    child.holds_open = false;
}

void ended_apart(instance& in) noexcept {
    if (in.of == nullptr) {
        in.run.tasks_ended();
    } else {
        in.of->deliver_apart(in);
    }
}

}  // namespace frond
