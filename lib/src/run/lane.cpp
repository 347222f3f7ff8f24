#include "lane.hpp"

#include "run_state.hpp"

#include <algorithm>
#include <utility>

namespace frond {

namespace {

// A batch that takes less is worth a larger one; one that takes more keeps others waiting.
constexpr auto short_batch = std::chrono::microseconds(20);
constexpr auto long_batch = std::chrono::microseconds(100);

}  // namespace

lane::lane(expansion& of, bool guest)
    : wakeable([](work& self) noexcept { static_cast<lane&>(self).run(); }),
      of_(of),
      guest_(guest),
      needs_open_(!of.straight || of.scope.limit != 0),
      needs_slot_(of.straight ? !of.scope.specs.empty() : of.scope.begins_with_block),
      inviter_(std::this_thread::get_id()),
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
    if (guest_ && !std::exchange(entered_, true) && inviter_ == std::this_thread::get_id()) {
        of_.run.helper_was_in_vain();
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
        bool const quiet = !of_.run.tells_tasks() && !of_.run.wraps();
        // A batch of one may take its time: it is seen to begin.
        bool const gathers = !of_.run.wraps() && keys_.empty() && count_ > 1;
        if (of_.scope.single != nullptr && (quiet || gathers)) {
            run_single_batch();
        } else if (of_.straight) {
            run_straight_batch();
        } else if (of_.scope.single_coroutine != nullptr && quiet) {
            if (run_single_coroutines() == next::away) return;
        } else if (run_batch() == next::away) {
            return;
        }
    }
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
    }
    end_batch();
    position_ = count_ = 0;
    keys_.clear();
    if (of_.stopping()) {
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
    of_.invite(now);
    batch_began_ = now;
    switch (of_.pull(*this, batch_, guest_)) {
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
            waiting_ = waiting_for::open_slot;
            if (!of_.open_limiter->take(*this)) return next::away;
            waiting_ = waiting_for::nothing;
        }
        has_open_ = true;
    }
    slot_limiter& slots = of_.run.slots;
    if (needs_slot_ && !credit_.held) {
        if (!slots.try_take()) {
            hand_over();
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
    if (succeeded_ != 0) of_.count_succeeded(std::exchange(succeeded_, 0U));
    tell();
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
    if (succeeded_ != 0) of_.count_succeeded(std::exchange(succeeded_, 0U));
    for (std::size_t i = 0; i < chunks_.size(); ++i) push_chunk(i);
    tell();
}

void lane::let_go() noexcept {
    hand_over();
    give_slots();
}

void lane::give_slots() noexcept {
    if (std::exchange(credit_.held, false)) of_.run.slots.give();
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
    if (guest_) of_.run.give_helper();
    expansion& of = of_;
    delete this;
    of.drop_pending();
}

// ---- events

void lane::tell_yields() noexcept {
    value_type const& type = *of_.scope.parameter;
    bool const copies = of_.run.copies_parameters && yielded_parameter::copies(type);
    event_record record;
    record.moment = hook_moment::on_yield;
    record.spec = of_.run.index_of(of_.spec);
    record.total = of_.total().value_or(event_record::unknown);
    record.time = of_.run.time().now();
    try {
        for (unsigned i = 0; i < count_; ++i) {
            record.index = first_index_ + i;
            if (copies) {
                event_detail detail;
                detail.key = key_at(i);
                detail.parameter = yielded_parameter::copy_of(type, buffer_ + i * type.size);
                add(record, std::move(detail));
            } else {
                add(record, key_at(i), nullptr);
            }
        }
    } catch (...) {
        // Out of memory: the events are lost, the counters still tell the truth.
    }
    tell();
}

void lane::note(task_spec const& spec, hook_moment moment, task_state state, error const* failure,
                plan_step const* step) noexcept {
    if (!of_.run.tells(moment)) return;
    event_record record;
    record.moment = moment;
    record.state = state;
    record.spec = of_.run.index_of(spec);
    record.index = spare_->index;
    record.total = of_.total().value_or(event_record::unknown);
    record.time = stamp_;
    if (step != nullptr) record.node = static_cast<std::uint32_t>(step->node);
    try {
        add(record, spare_->key, failure);
    } catch (...) {
    }
}

void lane::add(event_record record, child_key const& key, error const* failure) {
    if (key == nullptr && failure == nullptr) {
        events_.push_back(record);
        return;
    }
    event_detail detail;
    detail.key = key;
    if (failure != nullptr) detail.failure = *failure;
    add(record, std::move(detail));
}

void lane::add(event_record record, event_detail detail) {
    record.detail = static_cast<std::uint32_t>(event_details_.size());
    event_details_.push_back(std::move(detail));
    events_.push_back(record);
}

void lane::note_begin(task_spec const& spec) noexcept {
    note(spec, hook_moment::before_submission, task_state::running);
    note(spec, hook_moment::before_task, task_state::running);
}

void lane::note_end(task_spec const& spec, task_state state, error const* failure) noexcept {
    stamp();
    note(spec, hook_moment::after_task, state, failure);
    note(spec, hook_moment::after_return, state, failure);
}

// ---- children that are noted many at a time

void lane::gather_from(std::uint64_t index) noexcept {
    gathered_from_ = index;
    gathered_since_ = stamp_;
}

void lane::note_end_gathered() noexcept {
    stamp();
    try {
        ends_.push_back(stamp_);
    } catch (...) {
        // Out of memory: see note_gathered.
    }
}

// Those before `end` went well.
void lane::note_gathered(std::uint64_t end) noexcept {
    std::uint64_t const first = gathered_from_;
    std::size_t const ends = std::exchange(gathered_ends_, ends_.size());
    event_record record;
    record.time = gathered_since_;
    gather_from(end);
    if (first == end) return;
    record.children = static_cast<std::uint32_t>(end - first);
    record.spec = of_.scope.specs.front();
    record.index = first;
    record.total = of_.total().value_or(event_record::unknown);
    if (ends_.size() - ends == record.children) record.detail = static_cast<std::uint32_t>(ends);
    try {
        events_.push_back(record);
    } catch (...) {
    }
}

// The child that runs is noted like those that are not gathered: it has failed, or tells of itself.
void lane::note_apart() noexcept {
    if (!gathers_ || std::exchange(apart_, true)) return;
    note_gathered(spare_->index);
    note_begin(*context_.spec);
    note(*context_.spec, hook_moment::before_node, task_state::running, nullptr, of_.scope.single);
}

void lane::end_apart() noexcept {
    if (!std::exchange(apart_, false)) return;
    stamp();
    note(*context_.spec, hook_moment::after_node, task_state::succeeded, nullptr, of_.scope.single);
    note_end(*context_.spec, task_state::succeeded);
    gather_from(spare_->index + 1);
}

void lane::tell_from_inside() noexcept {
    note_apart();
    tell();
}

void lane::stamp_begin() noexcept {
    if (of_.run.tells_tasks()) stamp_ = of_.run.time().now();
}

// What runs in one go is as good as back to back: the end of one thing is the beginning of the next.
void lane::stamp() noexcept {
    if (of_.run.exact_time) stamp_ = of_.run.time().now();
}

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

void lane::tell() noexcept {
    if (events_.empty()) return;
    event_batch batch;
    batch.enclosing = of_.path;
    batch.inside = true;
    batch.thread = std::this_thread::get_id();
    batch.records = std::exchange(events_, {});
    batch.details = std::exchange(event_details_, {});
    batch.ends = std::exchange(ends_, {});
    gathered_ends_ = 0;
    of_.run.tell(std::move(batch));
}

}  // namespace frond
