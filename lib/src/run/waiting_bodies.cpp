#include "waiting_bodies.hpp"

#include "child_text.hpp"
#include "instance.hpp"
#include "task_context.hpp"

#include <algorithm>
#include <cstddef>

namespace frond {

namespace {

constexpr std::size_t most_looked_at = 64;  // waits; tasks need the room's mutex, which is held meanwhile
constexpr std::size_t most_told = 8;

}  // namespace

std::vector<waiting_body> waiting_bodies(waiting_room const& room, time_point now) {
    std::vector<waiting_body> made;
    room.look_at_oldest(most_looked_at, [&](interruptible_wait const& wait) {
        time_point const since = wait.since.load(std::memory_order_relaxed);
        if (since == time_point()) return;
        duration const waited = now - since;
        // Names are made only for waits that are told: tasks need the room's mutex meanwhile.
        if (made.size() == most_told && waited <= made.back().waited) return;
        auto const& of = *static_cast<task_context const*>(wait.fiber->context);
        task_id const id = of.in->id_of(*of.spec);
        auto const shorter =
            std::upper_bound(made.begin(), made.end(), waited,
                             [](duration time, waiting_body const& each) { return time > each.waited; });
        made.insert(shorter, {id.to_string(), child_text(id), waited});
        if (made.size() > most_told) made.pop_back();
    });
    return made;
}

}  // namespace frond
