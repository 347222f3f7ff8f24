// Tasks that run apart from any lane: after a suspension, after a wait for a slot, or when an expansion is over.
#pragma once

#include "instance.hpp"
#include "open_expansion.hpp"
#include "run_core.hpp"

#include <utility>

namespace frond {

/// Runs tasks of an instance with `tasks(credit)`, gives back the slot that is left over, and ends the instance if they
/// were its last: then `tasks` gives true. Inside, instance and run may go; what `tasks` is bound to has to last.
template <class Tasks>
void run_apart(instance& in, slot_credit credit, Tasks&& tasks) noexcept {
    // Where the tasks were not the last ones, the run may be over as soon as they have gone on elsewhere.
    auto const run = in.run.shared_from_this();
    bool const last = std::forward<Tasks>(tasks)(credit);
    run->limits.give(credit);
    if (last && in.of == nullptr) {
        run->tasks_ended();
    } else if (last) {
        in.of->deliver(in);
    }
    run->give_back_what_waits();  // many woken bodies may wait in the pump
}

}  // namespace frond
