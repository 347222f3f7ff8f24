#include "lane.hpp"

#include "run_state.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace frond {

namespace {

// A batch that takes less is worth a larger one; one that takes more keeps others waiting.
constexpr auto short_batch = std::chrono::microseconds(20);
constexpr auto long_batch = std::chrono::microseconds(100);

}  // namespace

lane::lane(expansion& of, place why)
    : wakeable([](work& self) noexcept { static_cast<lane&>(self).run(); }),
      of_(of),
      place_(why),
      needs_open_(!of.straight || of.scope.limit != 0),
      needs_slot_(of.straight ? !of.scope.specs.empty() : of.scope.begins_with_block),
      inviter_(of.run.on().this_thread()),
      chunks_(of.channels.size(), nullptr) {
    on = &of.run.on();
    context_.by = this;
    buffer_ = static_cast<std::byte*>(frame_pool::take(of.buffer_capacity * of.scope.parameter->size));
}

lane::~lane() {
    task_.reset();
    if (spare_ != nullptr) spare_->destroy();
    frame_pool::give(buffer_, of_.buffer_capacity * of_.scope.parameter->size);
}

void lane::run() noexcept {
    if (waiting_ == waiting_for::open_slot) has_open_ = true;
    if (waiting_ == waiting_for::slot) credit_.held = true;
    waiting_ = waiting_for::nothing;
    if (!std::exchange(entered_, true) && !stays()) {
        leave();
        return;
    }
    bool stamped = false;
    for (;;) {
        if (position_ == count_) {
            if (take_batch() == next::away) return;
            stamped = false;
        }
        while (!equipped()) {
            if (take_chunks() == next::away || take_slots() == next::away) return;
        }
        // Children begin when the source has given them and what they need is there.
        if (!std::exchange(stamped, true)) stamp_begin();
        if (of_.may_be_long()) {
            give_tail(position_ + 1);
            clear_the_way();
        }
        if (run_children() == next::behind) {
            away_ = true;
            let_go();
            pump::current()->push_back(*this);
            return;
        }
        if (tail_wanted()) {
            tail_wanted_.store(false, std::memory_order_relaxed);
            if (auto* const thread = pump::thread_here()) static_cast<void>(thread->was_relieved());
            of_.cost().forget();
            away_ = true;
            give_tail(position_);
        }
    }
}

// Runs children of the batch, until it is over, or the lane lacks what the next one needs.
lane::next lane::run_children() noexcept {
    working_thread* const thread = of_.threads ? pump::thread_here() : nullptr;
    expansion_at_hand mine(*this);
    working_thread::holds const held(thread, mine);
    working_thread::body const inside(thread);
    bool const quiet = !of_.run.tells_tasks() && !of_.run.wraps();
    // A batch of one may take its time: it is seen to begin.
    bool const gathers = !of_.run.wraps() && keys_.empty() && count_ > 1;
    if (of_.scope.single != nullptr && (quiet || gathers)) {
        run_single_batch();
    } else if (of_.straight) {
        run_straight_batch();
    } else if (of_.scope.single_coroutine != nullptr && quiet) {
        return run_single_coroutines();
    } else {
        return run_batch();
    }
    return next::go_on;
}

lane::expansion_at_hand::expansion_at_hand(lane& owner) noexcept
    : at_hand([](at_hand& self) noexcept {
          lane& me = static_cast<expansion_at_hand&>(self).of;
          me.tail_wanted_.store(true, std::memory_order_relaxed);
          me.of_.keep_invitation();
      }),
      of(owner) {}

// What a lane does when it first runs. False if there is no use in it.
bool lane::stays() noexcept {
    if (place_ == place::first || place_ == place::heir) return true;
    bool const on_other_thread = inviter_ != of_.run.on().this_thread();
    if (place_ == place::invited) {
        of_.invited_came(on_other_thread);
    } else if (!on_other_thread) {
        of_.run.helper_was_in_vain();
    }
    return on_other_thread;
}

void lane::learn_cost(time_point now) noexcept {
    if (!of_.threads || std::exchange(away_, false)) return;
    of_.cost().learn((now - batch_began_) / count_);
}

// Before children that may take long: whatever else this thread could do goes to where other threads find it.
void lane::clear_the_way() noexcept {
    of_.keep_invitation();
    if (!pump::current()->idle()) pump::current()->hand_over();
}

// True if the lane has what its next child needs.
bool lane::equipped() const noexcept {
    return (has_open_ || !needs_open_) && (credit_.held || !needs_slot_) &&
           std::find(chunks_.begin(), chunks_.end(), nullptr) == chunks_.end();
}

lane::next lane::take_batch() noexcept {
    time_point const now = of_.run.time().now();
    if (count_ != 0) {
        auto const took = now - batch_began_;
        if (took < short_batch && batch_ < of_.buffer_capacity) batch_ = std::min(batch_ * 2, of_.buffer_capacity);
        if (took > long_batch && batch_ > 1) batch_ /= 2;
        learn_cost(now);
    }
    end_batch();
    position_ = count_ = 0;
    keys_.clear();
    if (of_.stopping() || (guest() && of_.has_too_many_lanes())) {
        leave();
        return next::away;
    }
    // Results do not wait for a chunk to fill up where children take their time.
    if (now - pushed_ > short_batch) {
        pushed_ = now;
        hand_over();
    }
    if (of_.run.over_budget(now)) {
        let_go();
        on->post(*this);
        return next::away;
    }
    // What this lane has woken or opened comes before its next children: once, since others stand back for it as well.
    if (!pump::current()->idle() && !std::exchange(stood_back_, true)) {
        give_slots();
        pump::current()->push_back(*this);
        return next::away;
    }
    stood_back_ = false;
    if (of_.run.has_lossless_hooks()) {
        let_go();
        if (!of_.run.admits(*this)) return next::away;
    }
    if (of_.may_be_long()) {
        batch_ = 1;
        if (!pump::current()->idle()) pump::current()->hand_over();  // the expander may take long, too
    } else {
        of_.invite_helper(now);
    }
    batch_began_ = now;
    switch (of_.pull(*this, batch_, guest())) {
        case pull_result::some: return next::go_on;
        case pull_result::parked: return next::away;
        case pull_result::busy:
        case pull_result::over: break;
    }
    leave();
    return next::away;
}

lane::next lane::take_chunks() noexcept {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
        if (chunks_[i] != nullptr) continue;
        try {
            auto& channel = *of_.channels[i];
            chunks_[i] = channel.take_chunk(nullptr);
            if (chunks_[i] != nullptr) continue;
            let_go();
            away_ = true;
            auto* const chunk = channel.take_chunk(this);
            if (chunk == nullptr) return next::away;
            chunks_[i] = chunk;
        } catch (...) {
            of_.parent.fail(error::out_of_memory(), &of_.spec, nullptr);
            skip_rest();
            leave();
            return next::away;
        }
    }
    return next::go_on;
}

lane::next lane::take_slots() noexcept {
    if (needs_open_ && !has_open_) {
        if (!of_.open_limiter->try_take()) {
            let_go();
            away_ = true;
            waiting_ = waiting_for::open_slot;
            if (!of_.take_open_slot(*this)) return next::away;
            waiting_ = waiting_for::nothing;
        }
        has_open_ = true;
    }
    slot_limiter& slots = of_.run.limits.slots;
    if (needs_slot_ && !credit_.held) {
        if (!slots.try_take()) {
            hand_over();
            away_ = true;
            waiting_ = waiting_for::slot;
            if (!slots.take(*this)) return next::away;
            waiting_ = waiting_for::nothing;
        }
        credit_.held = true;
    }
    return next::go_on;
}

// ---- what it holds

void lane::got(std::uint64_t first_index, unsigned count) noexcept {
    first_index_ = first_index;
    position_ = 0;
    count_ = count;
    if (!of_.straight) {
        reserved_ = count;
        of_.add_pending(count);
    }
    if (of_.run.tells(hook_moment::on_yield)) tell_yields();
}

void lane::end_batch() noexcept {
    if (reserved_ != 0) of_.return_pending(std::exchange(reserved_, 0U));
    count_succeeded();
    tell();
}

void lane::count_succeeded() noexcept {
    if (succeeded_ != 0) of_.run.counts.straight_succeeded(of_.scope, std::exchange(succeeded_, 0U));
}

void lane::push_chunk(std::size_t sink) noexcept {
    result_chunk* const chunk = std::exchange(chunks_[sink], nullptr);
    if (chunk == nullptr) return;
    if (chunk->count == 0) {
        of_.channels[sink]->give_back(*chunk);
        return;
    }
    tell();
    of_.channels[sink]->push(*chunk);
}

void lane::push_full_chunks() noexcept {
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
        if (chunks_[i] != nullptr && chunks_[i]->count == of_.channels[i]->capacity()) push_chunk(i);
    }
}

void lane::hand_over() noexcept {
    count_succeeded();
    for (std::size_t i = 0; i < chunks_.size(); ++i) push_chunk(i);
    tell();
}

void lane::let_go() noexcept {
    weight = 1 + reserved_;
    hand_over();
    give_slots();
}

// Gives the children of the batch from there on to a lane of their own, which other threads may run. Where memory or a move is
// lacking, those that remain stay.
void lane::give_tail(unsigned from) noexcept {
    if (from >= count_) return;
    lane* heir = nullptr;
    try {
        heir = new lane(of_, place::heir);
        heir->keys_.reserve(keys_.size());
    } catch (...) {
        delete heir;
        return;
    }
    value_type const& type = *of_.scope.parameter;
    unsigned first = count_;
    try {
        if (type.trivial) {
            std::memcpy(heir->buffer_, buffer_ + from * type.size, (count_ - from) * type.size);
            first = from;
        }
        // From the last one on, so that what a failing move leaves is in one piece.
        for (; first > from; --first) {
            type.move(heir->buffer_ + (first - 1 - from) * type.size, buffer_ + (first - 1) * type.size);
            if (type.destroy != nullptr) type.destroy(buffer_ + (first - 1) * type.size);
        }
    } catch (...) {
        // It is thrown again where the child itself takes its parameter.
    }
    heir->take_over(*this, first, first - from);
    of_.lane_came();
    on->post(*heir);
}

// The children of another lane's batch from `first` on; their parameters lie in the buffer from `at` on.
void lane::take_over(lane& from, unsigned first, unsigned at) noexcept {
    position_ = at;
    count_ = at + from.count_ - first;
    first_index_ = from.first_index_ + first - at;
    stamp_ = from.stamp_;
    away_ = true;
    auto const named = std::find_if(from.keys_.begin(), from.keys_.end(),
                                    [&](detail::keyed_position const& each) { return each.position >= first; });
    for (auto each = named; each != from.keys_.end(); ++each) {
        keys_.push_back({each->position - first + at, std::move(each->key)});
    }
    from.keys_.erase(named, from.keys_.end());
    if (!of_.straight) {
        reserved_ = from.count_ - first;
        from.reserved_ -= reserved_;
    }
    from.count_ = first;
}

void lane::give_slots() noexcept {
    of_.run.limits.give(credit_);
    if (std::exchange(has_open_, false)) of_.open_limiter->give();
}

void lane::skip_rest() noexcept {
    value_type const& type = *of_.scope.parameter;
    if (type.destroy != nullptr) {
        for (unsigned i = position_; i < count_; ++i) type.destroy(buffer_ + i * type.size);
    }
    of_.skip(first_index_ + position_, count_ - position_);
    position_ = count_;
}

void lane::leave() noexcept {
    end_batch();
    let_go();
    if (place_ == place::helper) of_.run.give_helper();
    if (place_ == place::invited || place_ == place::heir) of_.lane_left();
    expansion& of = of_;
    delete this;
    of.drop_pending();
}

// ---- keys of what is in the buffer

child_key lane::key_at(unsigned position) const noexcept {
    auto const found =
        std::lower_bound(keys_.begin(), keys_.end(), position,
                         [](detail::keyed_position const& each, unsigned wanted) { return each.position < wanted; });
    return found != keys_.end() && found->position == position ? found->key : nullptr;
}

void lane::name(instance& child, unsigned position) const noexcept {
    if (!keys_.empty()) {
        child.key = key_at(position);
    } else if (child.key != nullptr) {
        child.key.reset();  // of the child before
    }
}

}  // namespace frond
