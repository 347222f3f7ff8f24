#include "frond/base/detail/parking.hpp"

#include <cassert>
#include <utility>

namespace frond {

void look_now(parking_watch& watch) noexcept {
    work_list woken;
    {
        std::lock_guard const guard(watch.mutex);
        watch.look(woken);
    }
    wake_all(woken);
}

void wake_all(work_list& woken) noexcept {
    while (!woken.empty()) static_cast<wakeable&>(woken.pop_front()).wake();
}

void parking::enter(wakeable& item) noexcept {
    assert(item.parked_in == nullptr);
    item.parked_in = this;
    weight_ += item.weight;
    // Relaxed: a consumer that falls asleep reads the count after it has held the
    // mutex of its stream, and a look takes that mutex, too.
    if (why_ == reason::room) watch_.waiting_for_room.fetch_add(1, std::memory_order_relaxed);
}

void parking::leave(wakeable& item) noexcept {
    assert(item.parked_in == this && weight_ >= item.weight);
    item.parked_in = nullptr;
    weight_ -= item.weight;
    if (why_ == reason::room) watch_.waiting_for_room.fetch_sub(1, std::memory_order_relaxed);
}

void wakeable::leave_parking() noexcept {
    std::lock_guard const guard(parked_in->watch().mutex);
    parked_in->leave(*this);
}

}  // namespace frond
