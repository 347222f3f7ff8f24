#include "expansion.hpp"

#include "run_apart.hpp"
#include "run_core.hpp"
#include "stream_watch.hpp"
#include "task_flow.hpp"
#include "task_news.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace frond {

namespace {

constexpr unsigned most_at_once = 64;  // parameters that a lane takes; half of it costs a fifth more for each child
constexpr unsigned most_chunks = 64;   // of a stream, waiting to be read or in the hands of lanes

unsigned batch_capacity_for(plan_scope const& scope, plan const& made, bool straight) {
    std::size_t const fits = std::clamp<std::size_t>(4096 / scope.parameter->size, 1, most_at_once);
    if (straight) return static_cast<unsigned>(fits);
    // Children that suspend are taken only when there is room for them.
    std::uint32_t limit = made.options.limit;
    for (std::uint32_t const own : {scope.limit, scope.limit_each}) {
        if (own != 0) limit = std::min(limit, own);
    }
    return static_cast<unsigned>(std::clamp<std::size_t>(limit / 8, 1, fits));
}

}  // namespace

expansion::expansion(instance& of_parent, task_spec const& of_spec)
    : open_expansion(of_parent.run, of_parent, *of_parent.domain, of_spec, finishing_),
      threads(!run.threads.single()),
      straight(run.straight(scope)),
      batch_capacity(batch_capacity_for(scope, *run.plan, straight)),
      collectors_left_(static_cast<std::size_t>(std::count_if(
          scope.sinks.begin(), scope.sinks.end(), [](plan_sink const& sink) { return collects(sink.how); }))),
      shared_limiter_(run.limits.open_children(scope, own_limiter_)),
      source_(*this, batch_capacity) {
    finishing_.on = &run.on();
    if (parent.watch) pending.watched_in(parent.watch->other_parking(spec.position));
    channels.reserve(scope.sinks.size());
    for (auto const& sink : scope.sinks) {
        unsigned const bound = streams(sink.how) ? most_chunks : 0;
        auto& made =
            *channels.emplace_back(std::make_unique<result_channel>(sink.element, takes_results(sink.how), bound));
        auto const place = static_cast<std::uint32_t>(channels.size() - 1);
        if (pending.is_watched() && parent.watch->watches(spec.position, place)) made.watched_by(*parent.watch);
        if (feeds_back(sink.how)) made.ends_while_none(in_flight_);
        if (!lists(sink.how)) {
            made.bounded_by(run, sink.segment);
            ::new (parent.block + sink.target) result_channel*(&made);
        }
    }
    if (run.news.tells_tasks() && parent.of != nullptr) {
        path = std::make_shared<child_path const>(child_path{parent.of->path, parent.index, parent.key});
    }
}

expansion::~expansion() {
    if (grown_bytes_ != 0) run.growth.give(grown_bytes_);
}

void expansion::fail_to_begin() noexcept {
    source_.fail(error::out_of_memory());
    pending.drop();
}

error expansion::fail(error failure) noexcept { return parent.fail(std::move(failure), &spec, &spec.steps.front()); }

void expansion::skip(std::uint64_t first, std::uint64_t count) noexcept {
    if (count == 0) return;
    event_record record;
    record.moment = hook_moment::on_not_started;
    record.state = cancelled() ? task_state::cancelled : task_state::skipped;
    record.index = first;
    record.total = count;
    tell(record);
    run.counts.children_skipped(scope, count);
}

void expansion::finish() noexcept {
    if (!source_.close()) return;
    task_end const end = source_.end();
    tell_over(end);
    bool const no_results = cancelled() || !make_lists();
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (streams(scope.sinks[i].how)) channels[i]->close(no_results);
    }
    run_apart(parent, {}, [&of_parent = parent, &of_spec = spec, state = end.state()](slot_credit& credit) noexcept {
        return of_parent.run.flow.expansion_over(of_parent, of_spec, state, credit);
    });
}

// False if one could not be made: then the failure is the parent's.
bool expansion::make_lists() noexcept {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        plan_sink const& sink = scope.sinks[i];
        if (!lists(sink.how)) continue;
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
    source_.forget_progress();
    know_total(source_.yielded());
    run.counts.task_ended(spec, end.state());
    event_record record;
    record.moment = hook_moment::after_expansion;
    record.state = end.state();
    record.total = source_.yielded();
    tell(record, end.failure());
    parent.abandon_streams(spec);
    tell_task(parent, spec, hook_moment::after_task, end.state(), end.failure());
    tell_task(parent, spec, hook_moment::after_return, end.state(), end.failure());
}

void expansion::abandon(std::uint32_t target) noexcept {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (lists(scope.sinks[i].how) || scope.sinks[i].target != target || channels[i]->abandoned()) continue;
        channels[i]->abandon();
        if (feeds_back(scope.sinks[i].how)) continue;
        // No collector is left: no new children start, and the expander need not wait for what it awaits.
        if (collectors_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            unwanted_.store(true, std::memory_order_release);
            source_.interrupt();
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

// A value of `child` could not be given to a collector: the current exception says why. The child fails. True:
// collectors of results must get the error in the place of the value. `failed`: the error itself could not be copied.
bool expansion::not_delivered(instance& child, bool failed) noexcept {
    child.fail(error::from_exception(std::current_exception()), nullptr, nullptr);
    if (failed) parent.fail(error::out_of_memory(), &spec, nullptr);  // or the failure would be lost
    return !failed && scope.failures_are_values;
}

bool expansion::add(std::size_t sink, instance& child, bool& failed, result_chunk& chunk) noexcept {
    for (;;) {
        if (failed && !channels[sink]->with_errors()) return true;
        try {
            put(sink, child, failed, chunk.element(channels[sink]->stride(), chunk.count));
            break;
        } catch (...) {
            if (!not_delivered(child, failed)) return false;
            failed = true;
        }
    }
    chunk.failed |= std::uint64_t{failed} << chunk.count;
    chunk.index[chunk.count++] = child.index;
    return true;
}

void expansion::deliver(instance& child) noexcept {
    child.delivery.run = [](work& self) noexcept {
        instance& in = static_cast<instance::waiting_delivery&>(self).in;
        in.of->deliver(in);
    };
    bool failed = child.state() == task_state::failed;
    bool const wanted = child.state() == task_state::succeeded || (failed && scope.failures_are_values);
    for (std::uint32_t& sink = child.delivery.sink; wanted && sink < channels.size();) {
        result_channel& channel = *channels[sink];
        result_chunk* chunk = nullptr;
        try {
            chunk = channel.take_chunk(&child.delivery);
        } catch (...) {
            if (!not_delivered(child, failed)) break;
            failed = true;  // the same sink again
            continue;
        }
        if (chunk == nullptr) return;  // goes on when the collector has read some
        bool const added = add(sink, child, failed, *chunk);
        if (chunk->count == 0) {
            channel.give_back(*chunk);
        } else {
            channel.push(*chunk);
        }
        if (!added) break;
        ++sink;
    }
    child_ended(child);
    child.destroy();
    came_back(1);
    pending.drop();
}

void expansion::came_back(std::uint64_t count) noexcept {
    if (!scope.feeds_back || in_flight_.fetch_sub(count, std::memory_order_acq_rel) != count) return;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (feeds_back(scope.sinks[i].how)) channels[i]->none_in_flight();
    }
}

void expansion::child_ended(instance& child) noexcept {
    run.counts.child_ended(scope, child.state());
    if (std::exchange(child.holds_open, false)) give_open();
}

void expansion::give_open() noexcept {
    if (shared_limiter_ != nullptr) shared_limiter_->give();
    if (own_limiter_) own_limiter_->give();
}

}  // namespace frond
