#include "expansion.hpp"

#include "lane.hpp"
#include "run_apart.hpp"
#include "run_state.hpp"
#include "stream_watch.hpp"

#include <algorithm>
#include <cstring>

namespace frond {

namespace {

constexpr unsigned most_at_once = 64;  // parameters that a lane takes; half of it costs a fifth more for each child
constexpr unsigned most_chunks = 64;   // of a stream, waiting to be read or in the hands of lanes

unsigned buffer_capacity_for(plan_scope const& scope, plan const& made, bool straight) {
    std::size_t const fits = std::clamp<std::size_t>(4096 / scope.parameter->size, 1, most_at_once);
    if (straight) return static_cast<unsigned>(fits);
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
      threads(!of_run.single_threaded),
      straight(of_run.straight(scope)),
      buffer_capacity(buffer_capacity_for(scope, *of_run.plan, straight)),
      sinks_left_(scope.sinks.size()),
      finishing_(*this),
      source_home_(of_spec.steps.front().on != nullptr ? *of_spec.steps.front().on : of_run.on()),
      fiber_(*this, source_home_),
      source_visit_(*this) {
    finishing_.on = &run.on();
    channels.reserve(scope.sinks.size());
    if (parent.watch) parking_ = parent.watch->other_parking(spec.position);
    for (auto const& sink : scope.sinks) {
        unsigned const bound = streams(sink.how) ? most_chunks : 0;
        auto& made =
            *channels.emplace_back(std::make_unique<result_channel>(sink.element, takes_results(sink.how), bound));
        auto const place = static_cast<std::uint32_t>(channels.size() - 1);
        if (parking_ != nullptr && parent.watch->watches(spec.position, place)) made.watched_by(*parent.watch);
        if (streams(sink.how)) ::new (parent.block + sink.target) result_channel*(&made);
    }
    open_limiter = &run.limits.open_children(scope, own_limiter_);
    wait_.domain = parent.domain;
    wait_.fiber = &fiber_;
    context_.in = &parent;
    context_.spec = &spec;
    fiber_.context = &context_;
    if (run.tells_tasks() && parent.of != nullptr) {
        path = std::make_shared<child_path const>(child_path{parent.of->path, parent.index, parent.key});
    }
}

expansion::~expansion() {
    if (grown_bytes_ != 0) run.growth.give(grown_bytes_);
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
        pump::current()->push_front(*new lane(*this, lane::place::first));
    } catch (...) {
        source_over(error::out_of_memory());
        drop_pending();
    }
}

void expansion::invite_helper(time_point now) noexcept {
    if (!threads || cost().is_trivial()) return;
    if (over_.load(std::memory_order_relaxed)) return;
    if (now - began_ < std::chrono::microseconds(5) || gate_.awaiting() || !run.take_helper()) return;
    try {
        auto* const guest = new lane(*this, lane::place::helper);
        add_pending();
        run.on().post(*guest);
    } catch (...) {
        run.give_helper();  // out of memory: it goes on without
    }
}

void expansion::keep_invitation() noexcept {
    if (over_.load(std::memory_order_relaxed) || gate_.awaiting() || invited_.load(std::memory_order_relaxed)) return;
    if (lanes_.load(std::memory_order_relaxed) >= run.width()) return;
    // Each expansion tries once, lest what was seen of the threads be held against the rest of the run.
    if (run.alone() && tried_.exchange(true, std::memory_order_relaxed)) return;
    if (invited_.exchange(true, std::memory_order_relaxed)) return;
    try {
        auto* const guest = new lane(*this, lane::place::invited);
        lane_came();
        run.on().post(*guest);
    } catch (...) {
        invited_.store(false, std::memory_order_relaxed);  // out of memory: it goes on without
    }
}

bool expansion::has_too_many_lanes() const noexcept { return lanes_.load(std::memory_order_relaxed) > run.width(); }

void expansion::invited_came(bool on_other_thread) noexcept {
    invited_.store(false, std::memory_order_relaxed);
    run.saw_threads(on_other_thread);
}

void expansion::skip(std::uint64_t first, std::uint64_t count) noexcept {
    if (count == 0) return;
    event_record record;
    record.moment = hook_moment::on_not_started;
    record.state = parent.domain->cancelled() ? task_state::cancelled : task_state::skipped;
    record.index = first;
    record.total = count;
    run.tell_expansion(*this, record);
    run.counts.children_skipped(scope, count);
}

void expansion::drop_pending() noexcept {
    if (parking_ != nullptr) {
        drop_watched();
        return;
    }
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) run.on().wake(finishing_);
}

// Once the mutex is free, and this was not the last, the expansion may be gone.
void expansion::drop_watched() noexcept {
    work_list woken;
    bool last = false;
    {
        std::lock_guard const guard(parking_->watch().mutex);
        last = pending_.fetch_sub(1, std::memory_order_acq_rel) == 1;
        if (!last) parking_->watch().look(woken);
    }
    wake_all(woken);
    if (last) run.on().wake(finishing_);
}

bool expansion::take_open_slot(lane& waiting) noexcept {
    if (parking_ == nullptr) return open_limiter->take(waiting);
    return parking_->enter_unless(waiting, [&] { return open_limiter->take(waiting); });
}

void expansion::finish_work(work& self) noexcept { static_cast<finishing&>(self).of.finish(); }

void expansion::finish() noexcept {
    if (source_made_) spec.steps.front().body->close(call_.state);
    source_made_ = false;
    task_end const end = source_end();
    source_ended_ = true;
    tell_over(end);
    bool const cancelled = parent.domain->cancelled() || !make_lists();
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (streams(scope.sinks[i].how)) channels[i]->close(cancelled);
    }
    run_apart(parent, {}, [&of_parent = parent, &of_spec = spec, state = end.state()](slot_credit& credit) noexcept {
        return of_parent.expansion_finished(of_spec, state, credit);
    });
}

// How the expand task ends: as its source did, or cancelled where that was not asked to the end.
task_end expansion::source_end() const noexcept {
    if (source_failure_) return task_end::failed(*source_failure_);
    return !source_ended_ && parent.domain->cancelled() ? task_state::cancelled : task_state::succeeded;
}

// False if one could not be made: then the failure is the parent's.
bool expansion::make_lists() noexcept {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        plan_sink const& sink = scope.sinks[i];
        if (streams(sink.how)) continue;
        value_type const& type = *sink.parts.front().type;
        try {
            channels[i]->into_list(takes_results(sink.how) ? *type.result_list : *type.list,
                                   parent.block + sink.target);
            parent.made(sink.value_index);
        } catch (...) {
            parent.fail(error::from_exception(std::current_exception()), &spec, nullptr);
            return false;
        }
    }
    return true;
}

// Once: the expand task has ended, and the total is known.
void expansion::tell_over(task_end const& end) noexcept {
    if (over_.exchange(true, std::memory_order_acq_rel)) return;
    if (context_.told) run.forget(context_);
    know_total(next_index_);
    run.counts.task_ended(spec, end.state());
    event_record record;
    record.moment = hook_moment::after_expansion;
    record.state = end.state();
    record.total = next_index_;
    run.tell_expansion(*this, record, end.failure());
    parent.abandon_streams(spec);
    run.tell_task(parent, spec, hook_moment::after_task, end.state(), end.failure());
    run.tell_task(parent, spec, hook_moment::after_return, end.state(), end.failure());
}

// What was known before is corrected.
void expansion::know_total(std::uint64_t total) noexcept {
    auto const known = [](std::uint64_t said) {
        return said != event_record::unknown ? std::optional(said) : std::nullopt;
    };
    run.counts.know_total(scope, known(total_.exchange(total, std::memory_order_relaxed)), known(total));
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
    bool failed = child.state() == task_state::failed;
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
            if (failed) parent.fail(error::out_of_memory(), &spec, nullptr);  // nobody else would know
            if (failed || !scope.failures_are_values) break;
            // Collectors of results that have not got its value get the error.
            failed = true;
            --child.delivery_sink;  // the same one again
        }
    }
    child_ended(child);
    child.destroy();
    drop_pending();
}

void expansion::child_ended(instance& child) noexcept {
    run.counts.child_ended(scope, child.state());
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
