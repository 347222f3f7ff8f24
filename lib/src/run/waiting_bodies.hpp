// The bodies of a run that wait for something outside it: where nothing else is left to run, they hold the run up.
#pragma once

#include "failure_domain.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/progress.hpp"

#include <vector>

namespace frond {

/// Gives a few bodies that wait in the room, the longest wait first. Only the tasks that entered the room first
/// are looked at. Requires: the context of every fiber whose wait is noted must be a task_context. Errors: throws std::bad_alloc.
std::vector<waiting_body> waiting_bodies(waiting_room const& room, time_point now);

}  // namespace frond
