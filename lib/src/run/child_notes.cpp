#include "child_notes.hpp"

#include "child_batch.hpp"
#include "instance.hpp"

#include <thread>
#include <utility>

namespace frond {

// Where memory is out, events are lost; the counters still tell the truth.

void child_notes::yielded(child_batch const& batch) noexcept {
    if (!of_.run.news.tells(hook_moment::on_yield)) return;
    bool const copies = of_.run.news.copies_parameters() && yielded_parameter::copies(batch.type);
    event_record record;
    record.moment = hook_moment::on_yield;
    record.spec = of_.run.index_of(of_.spec);
    record.total = of_.total().value_or(event_record::unknown);
    record.time = of_.run.time().now();
    try {
        for (unsigned i = 0; i < batch.count; ++i) {
            record.index = batch.first_index + i;
            if (copies) {
                event_detail detail;
                detail.key = batch.key_at(i);
                detail.parameter = yielded_parameter::copy_of(batch.type, batch.parameter(i));
                add(record, std::move(detail));
            } else {
                add(record, batch.key_at(i), nullptr);
            }
        }
    } catch (...) {
    }
    tell();
}

void child_notes::note(instance const& child, task_spec const& spec, hook_moment moment, task_state state,
                       error const* failure, plan_step const* step) noexcept {
    if (!of_.run.news.tells(moment)) return;
    event_record record;
    record.moment = moment;
    record.state = state;
    record.spec = of_.run.index_of(spec);
    record.index = child.index;
    record.total = of_.total().value_or(event_record::unknown);
    record.time = stamp_;
    if (step != nullptr) record.node = static_cast<std::uint32_t>(step->node);
    try {
        add(record, child.key, failure);
    } catch (...) {
    }
}

void child_notes::begin(instance const& child, task_spec const& spec) noexcept {
    note(child, spec, hook_moment::before_submission, task_state::running);
    note(child, spec, hook_moment::before_task, task_state::running);
}

void child_notes::end(instance const& child, task_spec const& spec, task_state state, error const* failure) noexcept {
    stamp();
    note(child, spec, hook_moment::after_task, state, failure);
    note(child, spec, hook_moment::after_return, state, failure);
}

void child_notes::add(event_record record, child_key const& key, error const* failure) {
    if (key == nullptr && failure == nullptr) {
        events_.push_back(record);
        return;
    }
    event_detail detail;
    detail.key = key;
    if (failure != nullptr) detail.failure = *failure;
    add(record, std::move(detail));
}

void child_notes::add(event_record record, event_detail detail) {
    record.detail = static_cast<std::uint32_t>(details_.size());
    details_.push_back(std::move(detail));
    events_.push_back(record);
}

// ---- many at a time

void child_notes::gather(std::uint64_t index) noexcept {
    gathers_ = of_.run.news.tells_tasks();
    timed_ = gathers_ && of_.run.news.exact_time();
    gather_again(index);
}

void child_notes::gather_again(std::uint64_t next) noexcept {
    apart_ = false;
    gathered_from_ = next;
    gathered_since_ = stamp_;
}

void child_notes::note_time() noexcept {
    stamp();
    try {
        ends_.push_back(stamp_);
    } catch (...) {
    }
}

void child_notes::stop_gathering(std::uint64_t end) noexcept {
    if (std::exchange(gathers_, false)) note_gathered(end);
}

// Notes the gathered children before index `end` as one record. All of them went well.
void child_notes::note_gathered(std::uint64_t end) noexcept {
    std::uint64_t const first = gathered_from_;
    std::size_t const ends = std::exchange(gathered_ends_, ends_.size());
    event_record record;
    record.time = gathered_since_;
    gathered_from_ = end;
    gathered_since_ = stamp_;
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

void child_notes::set_apart(instance const& child) noexcept {
    if (!gathers_ || std::exchange(apart_, true)) return;
    note_gathered(child.index);
    begin(child, only_task());
    note(child, only_task(), hook_moment::before_node, task_state::running, nullptr, of_.scope.single);
}

void child_notes::end_apart(instance const& child) noexcept {
    stamp();
    note(child, only_task(), hook_moment::after_node, task_state::succeeded, nullptr, of_.scope.single);
    end(child, only_task(), task_state::succeeded);
    gather_again(child.index + 1);
}

// ---- times

void child_notes::stamp_begin() noexcept {
    if (of_.run.news.tells_tasks()) stamp_ = of_.run.time().now();
}

void child_notes::stamp() noexcept {
    if (of_.run.news.exact_time()) stamp_ = of_.run.time().now();
}

void child_notes::tell() noexcept {
    if (events_.empty()) return;
    event_batch batch;
    batch.enclosing = of_.path;
    batch.inside = true;
    batch.thread = std::this_thread::get_id();
    batch.records = std::exchange(events_, {});
    batch.details = std::exchange(details_, {});
    batch.ends = std::exchange(ends_, {});
    gathered_ends_ = 0;
    of_.run.news.tell(std::move(batch));
}

}  // namespace frond
