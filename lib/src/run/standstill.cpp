#include "standstill.hpp"

#include <algorithm>
#include <cassert>

namespace frond {

standstill::standstill(scope_waits const& of)
    : of_(of),
      tasks_(of.tasks.size()),
      streams_(of.streams.size()),
      stands_(of.tasks.size()),
      met_at_(of.tasks.size()),
      cycle_(of.tasks.size()) {}

std::uint32_t standstill::find() noexcept {
    for (std::uint32_t i = 0; i < tasks_.size(); ++i) stands_[i] = may_stand(i);
    let_go();
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        std::uint32_t const expander = of_.streams[i].expander;
        if (streams_[i].parked == 0 || stands_[expander] == 0) continue;
        follow(expander);
        std::uint32_t smallest = none;
        for (auto const& each : cycle()) {
            if (each.full == none) continue;
            if (smallest == none || streams_[each.full].bytes < streams_[smallest].bytes) smallest = each.full;
        }
        assert(smallest != none);  // waits for elements and for ends alone make no cycle, since the graph has none
        return smallest;
    }
    return none;
}

// True if the task does nothing by itself. Whether the task that it waits for stands is another question: see let_go.
bool standstill::may_stand(std::uint32_t i) const noexcept {
    auto const& task = of_.tasks[i];
    auto const& seen = tasks_[i];
    if (seen.at == stage::ended) return false;
    if (seen.at == stage::waiting) {
        return std::any_of(task.needs.begin(), task.needs.end(), [&](auto const& need) { return !met(need); });
    }
    if (!task.expands) return asleep_in(i) != none;
    unsigned parked = seen.parked;
    for (auto const stream : task.writes) parked += streams_[stream].parked;
    if (seen.awaits && asleep_in(i) != none) ++parked;
    return seen.pending != 0 && seen.pending <= parked;
}

bool standstill::met(scope_waits::need const& need) const noexcept {
    auto const at = tasks_[need.task].at;
    return at == stage::ended || (need.opened && at == stage::begun);
}

// The stream in which a task waits for an element; none if there is no such stream.
std::uint32_t standstill::asleep_in(std::uint32_t task) const noexcept {
    auto const& reads = of_.tasks[task].reads;
    auto const found = std::find_if(reads.begin(), reads.end(), [&](auto stream) { return streams_[stream].asleep; });
    return found != reads.end() ? *found : none;
}

// The standing task that a task waits for; none, if a task that it waits for goes on. `full`: the smallest stream in
// which the task waits for room; none if it does not wait for room.
std::uint32_t standstill::waits_for(std::uint32_t i, std::uint32_t& full) const noexcept {
    auto const& task = of_.tasks[i];
    full = none;
    if (tasks_[i].at == stage::waiting) {
        for (auto const& need : task.needs) {
            if (!met(need) && stands_[need.task] != 0) return need.task;
        }
        return none;
    }
    if (task.expands) {
        for (auto const stream : task.writes) {
            if (streams_[stream].parked == 0) continue;
            if (stands_[of_.streams[stream].reader] == 0) return none;
            if (full == none || streams_[stream].bytes < streams_[full].bytes) full = stream;
        }
    }
    std::uint32_t const empty = !task.expands || tasks_[i].awaits ? asleep_in(i) : none;
    if (empty != none && stands_[of_.streams[empty].expander] == 0) return none;
    if (full != none) return of_.streams[full].reader;
    if (empty == none) return none;
    // An expander that waits for what its own children give goes on as soon as no child is in flight.
    return of_.streams[empty].expander != i ? of_.streams[empty].expander : none;
}

// Leaves standing only the tasks that wait for another standing task.
void standstill::let_go() noexcept {
    for (bool changed = true; changed;) {
        changed = false;
        for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
            std::uint32_t full = none;
            if (stands_[i] == 0 || waits_for(i, full) != none) continue;
            stands_[i] = 0;
            changed = true;
        }
    }
}

// Goes from a standing task to the one that it waits for, and on, until a task comes again: these tasks are the cycle.
void standstill::follow(std::uint32_t task) noexcept {
    std::fill(met_at_.begin(), met_at_.end(), none);
    std::uint32_t length = 0;
    while (met_at_[task] == none) {
        met_at_[task] = length;
        auto& step = cycle_[length++];
        step.task = task;
        task = waits_for(task, step.full);
    }
    std::uint32_t const first = met_at_[task];
    cycle_length_ = length - first;
    std::copy(cycle_.begin() + first, cycle_.begin() + length, cycle_.begin());
}

}  // namespace frond
