// What a lane notes for hooks, and when it hands that over.
#include "lane.hpp"
#include "run_state.hpp"

#include <utility>

namespace frond {

void lane::tell_yields() noexcept {
    value_type const& type = *of_.scope.parameter;
    bool const copies = of_.run.copies_parameters() && yielded_parameter::copies(type);
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
    if (of_.run.exact_time()) stamp_ = of_.run.time().now();
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
