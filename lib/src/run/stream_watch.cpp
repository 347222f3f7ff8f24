#include "stream_watch.hpp"

#include "event_record.hpp"
#include "open_expansion.hpp"
#include "run_core.hpp"

#include <algorithm>

namespace frond {

stream_watch::stream_watch(scope_waits const& of) : of_(of), standstill_(of) {
    tasks_.reserve(of.tasks.size());
    for (std::size_t i = 0; i < of.tasks.size(); ++i) tasks_.push_back(std::make_unique<watched_task>(*this));
}

void stream_watch::renew() noexcept {
    for (auto const& task : tasks_) {
        task->at.store(standstill::stage::waiting, std::memory_order_relaxed);
        task->open.store(nullptr, std::memory_order_relaxed);
    }
}

void stream_watch::set(std::uint32_t position, standstill::stage at) noexcept {
    std::uint32_t const task = of_.task_at[position];
    if (task != scope_waits::none) tasks_[task]->at.store(at, std::memory_order_release);
}

void stream_watch::opened(open_expansion& of) noexcept {
    std::uint32_t const task = of_.task_at[of.spec.position];
    if (task != scope_waits::none) tasks_[task]->open.store(&of, std::memory_order_release);
}

parking* stream_watch::other_parking(std::uint32_t position) noexcept {
    std::uint32_t const task = of_.task_at[position];
    return task != scope_waits::none ? &tasks_[task]->other : nullptr;
}

bool stream_watch::watches(std::uint32_t position, std::uint32_t sink) const noexcept {
    std::uint32_t const task = of_.task_at[position];
    if (task == scope_waits::none) return false;
    auto const& written = of_.tasks[task].writes;
    return std::any_of(written.begin(), written.end(), [&](auto stream) { return of_.streams[stream].sink == sink; });
}

// Everything that is looked at here lives: something of the instance is parked, and stays so, or belongs to the caller.
void stream_watch::look(work_list& woken) noexcept {
    if (waiting_for_room.load(std::memory_order_relaxed) == 0 || !any_stands()) return;
    take_picture();
    std::uint32_t const stream = standstill_.find();
    if (stream != standstill::none) grow(stream, woken);
}

// True if nothing of some expansion goes on by itself: most looks end here.
bool stream_watch::any_stands() noexcept {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
        auto const* const open = tasks_[i]->open.load(std::memory_order_acquire);
        if (open == nullptr || of_.tasks[i].writes.empty()) continue;
        unsigned parked = tasks_[i]->other.weight() + (open->source_awaits() ? 1 : 0);
        for (auto const stream : of_.tasks[i].writes) parked += open->channels[of_.streams[stream].sink]->parked();
        unsigned const pending = open->pending.count();
        if (pending != 0 && pending <= parked) return true;
    }
    return false;
}

void stream_watch::take_picture() noexcept {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
        auto const* const open = tasks_[i]->open.load(std::memory_order_acquire);
        auto& seen = standstill_.task(i);
        seen = {tasks_[i]->at.load(std::memory_order_acquire)};
        if (open == nullptr) continue;
        seen.parked = tasks_[i]->other.weight();
        seen.awaits = open->source_awaits();
        seen.pending = open->pending.count();
    }
    for (std::uint32_t i = 0; i < of_.streams.size(); ++i) {
        auto& seen = standstill_.stream(i);
        seen = {};
        auto* const channel = channel_of(i);
        if (channel == nullptr) continue;
        seen.asleep = channel->asleep();
        seen.parked = channel->parked();
        seen.bytes = channel->bound() * channel->bytes_of_chunk();
    }
}

// Null: its expansion has not begun.
result_channel* stream_watch::channel_of(std::uint32_t stream) noexcept {
    auto const& of = of_.streams[stream];
    auto* const open = tasks_[of.expander]->open.load(std::memory_order_acquire);
    return open != nullptr ? open->channels[of.sink].get() : nullptr;
}

void stream_watch::grow(std::uint32_t stream, work_list& woken) noexcept {
    open_expansion& of = *tasks_[of_.streams[stream].expander]->open.load(std::memory_order_acquire);
    // What waits for an element is interrupted then, and all the rest ends after it.
    if (of.cancelled()) return;
    result_channel& channel = *channel_of(stream);
    std::size_t const more = channel.bound() * channel.bytes_of_chunk();
    if (!channel.can_grow() || !of.run.growth.take(more)) {
        try {
            of.fail(error(errc::stream_memory, text_of_cycle(of)));
        } catch (...) {
            of.fail(error::out_of_memory());
        }
        return;
    }
    channel.grow(woken);
    of.grown_by(more);
    of.run.growth.count(channel.bound());
    event_record record;
    record.moment = hook_moment::on_stream_growth;
    record.reader = of.run.index_of(spec_at(of, of_.streams[stream].reader));
    record.index = channel.bound();
    record.total = 2 * more;
    of.tell(record);
}

// One of the watched tasks, of the scope that the expansion was opened in.
task_spec const& stream_watch::spec_at(open_expansion const& of, std::uint32_t task) const {
    plan const& made = *of.run.plan;
    return made.specs[made.scopes[of.spec.scope].specs[of_.tasks[task].position]];
}

// "a standstill: x waits for room in what a reads of it; a waits for b; ..."
std::string stream_watch::text_of_cycle(open_expansion const& of) const {
    auto const name = [&](std::uint32_t task) { return of.run.plan->graph[spec_at(of, task).steps.front().node].name; };
    std::string text = "a standstill: ";
    auto const cycle = standstill_.cycle();
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        std::uint32_t const next = cycle[(i + 1) % cycle.size()].task;
        if (i != 0) text += ", ";
        text += name(cycle[i].task) + " waits for " + name(next);
        if (cycle[i].full != standstill::none) text += " to read its children";
    }
    return text + "; it ends only if a stream grows beyond the plan's stream_memory of " +
           std::to_string(of.run.plan->options.stream_memory) +
           " bytes: allow more, read the streams in step, or take lists, all<f>";
}

}  // namespace frond
