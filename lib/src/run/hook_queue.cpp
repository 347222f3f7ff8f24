#include "hook_queue.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace frond {

batch_list hook_queue::push(batch_list& arrived, std::size_t events) noexcept {
    assert(arrived.empty() || (arrived.size() == 1 && arrived.front().events == events));
    assert(arrived.empty() || arrived.front().batch->run == nullptr || events == 0);
    batch_list dropped;
    if (intake_ != intake::open) return dropped;
    (arrived.empty() ? dropped_ : queued_) += events;
    batches_.splice(batches_.end(), arrived);
    most_queued_ = std::max(most_queued_, queued_);
    if (pressure_ != pressure::holds_lanes) drop_oldest(dropped);
    return dropped;
}

// Run events stay: they are few, and have no records. The last batch in the queue stays whatever its size, so that a
// hook with a small bound is told something.
void hook_queue::drop_oldest(batch_list& dropped) noexcept {
    while (queued_ > policy_.bound()) {
        auto const oldest =
            std::find_if(batches_.begin(), batches_.end(), [](auto const& each) { return !each.batch->run; });
        if (oldest == batches_.end() || std::next(oldest) == batches_.end()) break;
        assert(queued_ >= oldest->events);
        queued_ -= oldest->events;
        dropped_ += oldest->events;
        dropped.splice(dropped.end(), batches_, oldest);
    }
}

void hook_queue::close() noexcept {
    assert(lanes_.empty());
    if (intake_ == intake::open) intake_ = intake::closed;
}

batch_list hook_queue::cancel() noexcept {
    assert(lanes_.empty());
    batch_list dropped;
    for (auto at = batches_.begin(); at != batches_.end();) {
        auto const each = at++;
        if (each->batch->run == nullptr) dropped.splice(dropped.end(), batches_, each);
    }
    dropped_ += std::exchange(queued_, 0);
    // The hook is still told the run events that are left, but must not await any more. A second cancellation may find
    // nothing to interrupt; the hook stays interrupted by the first one.
    bool const interrupts =
        teller_ == teller::telling || !dropped.empty() || !batches_.empty() || intake_ == intake::interrupted;
    intake_ = interrupts ? intake::interrupted : intake::closed;
    return dropped;
}

// ---- the coroutine that tells

hook_queue::step hook_queue::take() noexcept {
    assert(something_to_do() && teller_ == teller::idle);
    step made;
    if (!batches_.empty()) {
        made.next = std::move(batches_.front());
        batches_.pop_front();
        assert(queued_ >= made.next.events);
        queued_ -= made.next.events;
        // Lanes are not woken one by one: a lane that is woken should find room for more than one child.
        if (queued_ <= policy_.bound() / 2) made.admitted = release();
    }
    bool const open = intake_ == intake::open;
    made.sample = std::exchange(sample_due_, false) && open;
    made.over = made.next.batch == nullptr && !open;
    if (made.sample || made.next.batch != nullptr) teller_ = teller::telling;
    return made;
}

void hook_queue::told() noexcept {
    assert(teller_ == teller::telling);
    teller_ = teller::idle;
}

void hook_queue::sleep() noexcept {
    assert(!something_to_do() && teller_ == teller::idle);
    teller_ = teller::asleep;
}

bool hook_queue::wakes() noexcept {
    if (teller_ != teller::asleep || !something_to_do()) return false;
    teller_ = teller::idle;
    return true;
}

// ---- lanes

void hook_queue::hold(wakeable& lane, time_point now) noexcept {
    assert(too_full());
    if (lanes_.empty()) held_since_ = now;
    has_held_ = true;
    lanes_.push_back(lane);
}

work_list hook_queue::release() noexcept { return std::exchange(lanes_, {}); }

hook_queue::stall hook_queue::stalled(time_point now, batch_list& dropped) noexcept {
    if (lanes_.empty()) return stall::none;
    assert(pressure_ == pressure::holds_lanes);
    // The alarm may have been on its way when the lanes for which it was set went on, and others came.
    if (now < stalls_at()) return stall::early;
    pressure_ = pressure::downgraded;
    drop_oldest(dropped);
    return stall::over;
}

hook_report hook_queue::report() const noexcept {
    return {errors_, dropped_, most_queued_, pressure_ == pressure::downgraded, intake_ == intake::interrupted};
}

}  // namespace frond
