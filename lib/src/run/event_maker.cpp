#include "event_maker.hpp"

#include "run_state.hpp"

namespace frond {

namespace {

std::vector<std::uint64_t> enclosing_of(event_batch const& batch) {
    return batch.enclosing != nullptr ? *batch.enclosing : std::vector<std::uint64_t>();
}

// The expand task that spawned the tasks of a batch's children.
task_id spawner_of(run_state const& run, event_batch const& batch, task_spec const& spec) {
    return task_id{run.plan, run.plan->scopes[spec.scope].expand_spec, enclosing_of(batch)};
}

task_event make_task_event(run_state const& run, event_batch const& batch, event_record const& record) {
    task_spec const& spec = run.plan->specs[record.spec];
    task_event made;
    made.run_id = run.id;
    made.id = task_id{run.plan, record.spec, enclosing_of(batch)};
    if (batch.inside) {
        made.id.indices.push_back(record.index);
        made.index = record.index;
        made.total = record.total;
        made.spawning_task = spawner_of(run, batch, spec);
    }
    made.purpose = spec.purpose;
    made.steps = spec.steps;
    made.depth = run.plan->scopes[spec.scope].depth;
    made.time = record.time;
    made.thread = batch.thread;
    made.so_far = run.spec_counters[record.spec].read();
    made.state = record.state;
    made.failure = record.failure;
    return made;
}

}  // namespace

event_maker::event_maker(run_state const& run, event_batch const& batch, event_record const& record) {
    // The expand task itself is of the instance that the batch is of.
    auto const expander = [&] {
        task_id made{run.plan, record.spec, enclosing_of(batch)};
        return made;
    };
    switch (record.moment) {
        case hook_moment::on_yield: {
            auto& made = event_.emplace<yield_event>();
            made.run_id = run.id;
            made.expander = expander();
            made.index = record.index;
            made.time = record.time;
            break;
        }
        case hook_moment::after_expansion: {
            auto& made = event_.emplace<expansion_event>();
            made.run_id = run.id;
            made.expander = expander();
            made.total = record.index;
            made.time = record.time;
            break;
        }
        default: event_ = make_task_event(run, batch, record);
    }
}

void const* event_maker::get() const noexcept {
    return std::visit([](auto const& event) -> void const* { return &event; }, event_);
}

}  // namespace frond
