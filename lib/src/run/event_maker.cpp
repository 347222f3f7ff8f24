#include "event_maker.hpp"

#include <cassert>

namespace frond {

namespace {

std::optional<std::uint64_t> total_of(event_record const& record) noexcept {
    return record.total != event_record::unknown ? std::optional(record.total) : std::nullopt;
}

template <hook_moment... Each, class Part>
void tell_each(detail::moment_list<Each...>, task_state state, Part& part) {
    (part(Each, state, event_record::none), ...);
}

// Calls `part(moment, state, node)` for each event of a task that went well, in order.
template <class Part>
void each_part(task_spec const& spec, hook_moments wanted, Part part) {
    auto const tell = [&](hook_moment moment, task_state state, std::uint32_t node) {
        if (wanted.has(moment)) part(moment, state, node);
    };
    tell_each(detail::task_beginnings(), task_state::running, tell);
    for (plan_step const& step : spec.steps) {
        tell(hook_moment::before_node, task_state::running, static_cast<std::uint32_t>(step.node));
        tell(hook_moment::after_node, task_state::succeeded, static_cast<std::uint32_t>(step.node));
    }
    tell_each(detail::task_ends(), task_state::succeeded, tell);
}

}  // namespace

// Fills in the id of a task: a task of a child of the batch's expansion, or of the run itself.
void event_maker::place(task_id& id, event_record const& record) const {
    if (id.plan == nullptr) {
        id.plan = run_.plan;
        id.enclosing = batch_.enclosing;
    }
    assert(record.spec < run_.plan->specs.size());
    id.spec = record.spec;
    event_detail const* const more = batch_.detail_of(record);
    if (batch_.inside) id.index = record.index;
    if (more != nullptr && more->key != nullptr) {
        id.key = more->key;
    } else if (id.key != nullptr) {
        id.key.reset();
    }
}

// Fills in the id of an expand task, from a batch about its children:
// the task is a part of the innermost child around them.
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
        task_.so_far = run_.counted(record.spec);
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

template <class Event>
Event& event_maker::begin(event_record const& record) {
    auto& made = other_.emplace<Event>();
    made.run_id = run_.id;
    made.time = record.time;
    return made;
}

void const* event_maker::make(event_record const& record) {
    event_detail const* const more = batch_.detail_of(record);
    switch (record.moment) {
        case hook_moment::on_yield: {
            auto& made = begin<yield_event>(record);
            place_expander(made.expander, record);
            made.index = record.index;
            made.total = total_of(record);
            if (more != nullptr) made.key = more->key;
            if (more != nullptr && parameters_) made.parameter = more->parameter;
            return &made;
        }
        case hook_moment::total_known:
        case hook_moment::after_expansion: {
            auto& made = begin<expansion_event>(record);
            place_expander(made.expander, record);
            made.total = record.total;
            made.state = record.state;
            if (more != nullptr) made.failure = more->failure;
            return &made;
        }
        case hook_moment::on_not_started: {
            auto& made = begin<not_started_event>(record);
            place_expander(made.expander, record);
            made.first = record.index;
            made.count = record.total;
            made.reason = record.state;
            return &made;
        }
        case hook_moment::on_stream_growth: {
            auto& made = begin<stream_growth_event>(record);
            place_expander(made.expander, record);
            made.collector = made.expander;
            made.collector.spec = record.reader;
            made.chunks = record.index;
            made.bytes = record.total;
            return &made;
        }
        case hook_moment::before_node:
        case hook_moment::after_node: {
            auto& made = begin<node_event>(record);
            place(made.task, record);
            made.node = record.node;
            made.attempt = record.attempt;
            made.thread = batch_.thread;
            made.state = record.state;
            if (more != nullptr) made.failure = more->failure;
            return &made;
        }
        case hook_moment::on_progress: {
            assert(more != nullptr);
            auto& made = begin<progress_event>(record);
            place(made.task, record);
            made.done = more->done;
            made.of = more->of;
            return &made;
        }
        case hook_moment::on_retry: {
            assert(more != nullptr && more->failure);
            auto& made = begin<retry_event>(record);
            place(made.task, record);
            made.node = record.node;
            made.attempt = record.attempt;
            made.failure = *more->failure;
            made.delay = more->delay;
            return &made;
        }
        default: make_task(record); return &task_;
    }
}

std::size_t event_maker::count(plan const& of, event_batch const& batch, hook_moments wanted) noexcept {
    std::size_t events = 0;
    for (event_record const& record : batch.records) {
        if (record.children == 0) {
            events += wanted.has(record.moment);
        } else {
            each_part(of.specs[record.spec], wanted,
                      [&](hook_moment, task_state, std::uint32_t) { events += record.children; });
        }
    }
    return events;
}

made_event event_maker::next_of_record() {
    while (record_ < batch_.records.size()) {
        event_record const& record = batch_.records[record_];
        if (record.children != 0) begin_children(record);
        ++record_;  // only now: if begin_children throws, the next call begins these children again
        if (children_left_ != 0) return at_once_ ? made_event{{}, &task_, true} : next_of_child();
        if (record.children == 0 && wanted_.has(record.moment)) return {record.moment, make(record)};
    }
    return {};
}

void event_maker::begin_children(event_record const& record) {
    parts_.clear();
    each_part(run_.plan->specs[record.spec], wanted_, [&](hook_moment moment, task_state state, std::uint32_t node) {
        parts_.push_back({moment, state, node});
    });
    if (parts_.empty()) return;
    make_task(record);
    began_ = record.time;
    ends_ = record.detail != event_record::none ? &batch_.ends[record.detail] : nullptr;
    children_left_ = record.children;
    children_end_ = record.index + record.children;
}

void const* event_maker::make_node(std::uint32_t node) {
    auto& made = other_.emplace<node_event>();
    made.run_id = run_.id;
    made.task = task_.id;
    made.node = node;
    made.time = task_.time;
    made.thread = batch_.thread;
    made.state = task_.state;
    return &made;
}

}  // namespace frond
