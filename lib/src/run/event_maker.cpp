#include "event_maker.hpp"

#include "run_state.hpp"

namespace frond {

namespace {

std::optional<std::uint64_t> total_of(event_record const& record) noexcept {
    return record.total != event_record::unknown ? std::optional(record.total) : std::nullopt;
}

}  // namespace

// Of a task: of a child of the batch's expansion, or of the run itself.
void event_maker::place(task_id& id, event_record const& record) const {
    if (id.plan == nullptr) {
        id.plan = run_.plan;
        id.enclosing = batch_.enclosing;
    }
    id.spec = record.spec;
    event_detail const* const more = batch_.detail_of(record);
    if (batch_.inside) id.index = record.index;
    if (more != nullptr && more->key != nullptr) {
        id.key = more->key;
    } else if (id.key != nullptr) {
        id.key.reset();
    }
}

// Of an expand task, by what is known of its children: it is a part of the innermost child that encloses them.
void event_maker::place_expander(task_id& id, event_record const& record) const {
    id.plan = run_.plan;
    id.spec = record.spec;
    if (batch_.enclosing == nullptr) return;
    id.enclosing = batch_.enclosing->enclosing;
    id.index = batch_.enclosing->index;
    id.key = batch_.enclosing->key;
}

void event_maker::make_task(event_record const& record) {
    bool const first = task_.steps.empty();
    bool const other_spec = first || task_.id.spec != record.spec;
    place(task_.id, record);
    if (other_spec) {
        task_spec const& spec = run_.plan->specs[record.spec];
        task_.run_id = run_.id;
        task_.purpose = spec.purpose;
        task_.steps = spec.steps;
        task_.depth = run_.plan->scopes[spec.scope].depth;
        task_.thread = batch_.thread;
        task_.so_far = run_.spec_counters[record.spec].read();
    }
    task_.total = total_of(record);
    task_.attempt = record.attempt;
    task_.time = record.time;
    task_.state = record.state;
    event_detail const* const more = batch_.detail_of(record);
    if (more != nullptr) {
        task_.failure = more->failure;
    } else if (task_.failure) {
        task_.failure.reset();
    }
}

void const* event_maker::make(event_record const& record) {
    event_detail const* const more = batch_.detail_of(record);
    switch (record.moment) {
        case hook_moment::on_yield: {
            auto& made = other_.emplace<yield_event>();
            made.run_id = run_.id;
            place_expander(made.expander, record);
            made.index = record.index;
            made.total = total_of(record);
            made.time = record.time;
            if (more != nullptr) made.key = more->key;
            return &made;
        }
        case hook_moment::total_known:
        case hook_moment::after_expansion: {
            auto& made = other_.emplace<expansion_event>();
            made.run_id = run_.id;
            place_expander(made.expander, record);
            made.total = record.total;
            made.state = record.state;
            made.time = record.time;
            if (more != nullptr) made.failure = more->failure;
            return &made;
        }
        case hook_moment::on_not_started: {
            auto& made = other_.emplace<not_started_event>();
            made.run_id = run_.id;
            place_expander(made.expander, record);
            made.first = record.index;
            made.count = record.total;
            made.reason = record.state;
            made.time = record.time;
            return &made;
        }
        case hook_moment::before_node:
        case hook_moment::after_node: {
            auto& made = other_.emplace<node_event>();
            made.run_id = run_.id;
            place(made.task, record);
            made.node = record.node;
            made.attempt = record.attempt;
            made.time = record.time;
            made.thread = batch_.thread;
            made.state = record.state;
            if (more != nullptr) made.failure = more->failure;
            return &made;
        }
        case hook_moment::on_progress: {
            auto& made = other_.emplace<progress_event>();
            made.run_id = run_.id;
            place(made.task, record);
            made.done = more->done;
            made.of = more->of;
            made.time = record.time;
            return &made;
        }
        case hook_moment::on_retry: {
            auto& made = other_.emplace<retry_event>();
            made.run_id = run_.id;
            place(made.task, record);
            made.node = record.node;
            made.attempt = record.attempt;
            made.failure = *more->failure;
            made.delay = more->delay;
            made.time = record.time;
            return &made;
        }
        default: make_task(record); return &task_;
    }
}

}  // namespace frond
