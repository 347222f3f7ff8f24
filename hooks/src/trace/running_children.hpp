// How many children of each expander run, as counters of a trace.
#pragma once

#include "frond/run/event.hpp"
#include "timeline.hpp"
#include "trace_process.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace frond::hooks::detail {

/// A child runs from when its first task begins, as long as one of its tasks is open. What threads tell comes out of order,
/// so the counters are written in the end.
class running_children {
public:
    running_children(std::shared_ptr<plan const> of, trace_time began);

    /// One more task of a child is open, or one less.
    void task_began(task_id const& id, trace_time at) { count(id, at, 1); }
    void task_ended(task_id const& id, trace_time at) { count(id, at, -1); }

    /// Not for an expander of which events were dropped, so that the numbers would be wrong.
    void write(trace_process& to) const;

private:
    void count(task_id const& id, trace_time at, int change);

    std::shared_ptr<plan const> plan_;
    trace_time began_;
    std::vector<timeline> by_scope_;
    std::map<std::vector<std::uint64_t>, int> open_tasks_;  // by scope and indices, of children that have several
};

}  // namespace frond::hooks::detail
