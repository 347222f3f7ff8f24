#include "task_news.hpp"

#include "open_expansion.hpp"
#include "run_core.hpp"

#include <thread>
#include <utility>

namespace frond {

task_event event_of(instance const& in, task_spec const& spec) {
    task_event made;
    made.run_id = in.run.id;
    made.id = in.id_of(spec);
    made.purpose = spec.purpose;
    made.steps = spec.steps;
    if (in.of != nullptr) made.total = in.of->total();
    made.depth = in.scope.depth;
    made.time = in.run.time().now();
    made.thread = std::this_thread::get_id();
    made.so_far = in.run.counts.of_spec(in.run.index_of(spec));
    return made;
}

void tell_task(instance const& in, task_spec const& spec, event_record record, event_detail detail) noexcept {
    if (!in.run.news.tells(record.moment)) return;
    task_place place;
    place.spec = in.run.index_of(spec);
    if (in.of != nullptr) {
        place.inside = true;
        place.enclosing = in.of->path;
        place.index = in.index;
        place.key = in.key;
        place.total = in.of->total().value_or(event_record::unknown);
    }
    in.run.news.tell_task(std::move(place), record, std::move(detail));
}

void tell_task_listened(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                        error const* failure) noexcept {
    event_record record;
    record.moment = moment;
    record.state = state;
    event_detail detail;
    if (failure != nullptr) detail.failure = *failure;
    tell_task(in, spec, record, std::move(detail));
}

void tell_node(instance const& in, task_spec const& spec, plan_step const& step, hook_moment moment, task_state state,
               error const* failure, std::uint32_t attempt) noexcept {
    if (!in.run.news.tells(moment)) return;
    event_record record;
    record.moment = moment;
    record.state = state;
    record.attempt = attempt;
    record.node = static_cast<std::uint32_t>(step.node);
    event_detail detail;
    if (failure != nullptr) detail.failure = *failure;
    tell_task(in, spec, record, std::move(detail));
}

}  // namespace frond
