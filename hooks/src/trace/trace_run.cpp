#include "trace_run.hpp"

#include "trace_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr trace_time mark = 1;  // how long the mark of a suspended task is, for arrows have to be at a slice
constexpr trace_time between_flushes = 500'000'000;

child_key nearest_key(task_id const& id) {
    child_key key = id.key;
    for (auto const* each = id.enclosing.get(); key == nullptr && each != nullptr; each = each->enclosing.get()) {
        key = each->key;
    }
    return key;
}

}  // namespace

trace_run::trace_run(trace_shared& shared, run_event const& begun)
    : shared_(shared),
      plan_(begun.plan),
      began_(since_zero(begun.time)),
      process_(shared.file, shared.numbers, run_name(begun)),
      sampling_(*plan_, shared.options.max_events(), shared.nodes),
      running_(plan_, began_),
      memory_(shared.options.memory()),
      run_slice_(process_.next_id()),
      latest_(began_),
      next_flush_(began_ + between_flushes) {
    for (task_spec const& spec : plan_->specs) {
        names_.push_back(json_string(spec.name));
        nodes_.push_back(node_names(*plan_, spec));
    }
    write_rule();
    auto const name = run_name(begun);
    process_.write(
        {.phase = trace_phase::async_begin, .name = name.text, .category = "\"run\"", .at = began_, .id = run_slice_});
    memory_.look(process_, began_);
}

// ---- tasks

void trace_run::before_task(task_event const& event) {
    trace_time const at = since_zero(event.time);
    note_time(at);
    running_.task_began(event.id, at);
    lane& on = lane_of(event.thread);
    something_else_on(on);
    if (!sampling_.shows(event.id)) {
        ++left_out_;
        return;
    }
    ++written_;
    auto const [task, is_new] = open_.try_emplace(key_of(event.id), open_task{event.id, &on, at});
    if (!is_new) return;
    on.current = &task->second;
    if (event.purpose != purpose::expand) return;
    // It stays open while its children run, so it is set apart at once, and they find its mark.
    if (on.free_from <= at) origins_.insert_or_assign(task->first, origin{on.number, at});
    set_apart(task->second);
}

void trace_run::after_task(task_event const& event) {
    trace_time const at = since_zero(event.time);
    note_time(at);
    running_.task_ended(event.id, at);
    lane& on = lane_of(event.thread);
    instants_.note_outcome(process_, on.number, event, at);
    open_task* const task = find_open(event.id);
    if (on.current != task) something_else_on(on);
    if (task == nullptr) return;
    // What came out of the order of time would lie across other slices.
    if (on.current == task && on.free_from <= task->began && task->began <= at) {
        write_slice(*task, outcome_of(event, members_of(task->id, nodes_[task->id.spec])), at);
    } else {
        end_apart(*task, at, outcome_of(event));
    }
    if (task->began_on->current == task) task->began_on->current = nullptr;
    open_.erase(key_of(event.id));
}

void trace_run::something_else_on(lane& where) {
    if (where.current != nullptr) set_apart(*where.current);
}

void trace_run::set_apart(open_task& task) {
    task.apart = process_.next_id();
    std::string const& name = names_[task.id.spec].text;
    auto const args = members_of(task.id, nodes_[task.id.spec]);
    lane& on = *task.began_on;
    if (on.current == &task) on.current = nullptr;
    if (on.free_from <= task.began) {
        on.free_from = task.began + mark;
        process_.write({.phase = trace_phase::complete,
                        .name = name,
                        .category = name,
                        .at = task.began,
                        .lasted = mark,
                        .thread = on.number,
                        .args = args.text()});
        write_arrow(task);
    }
    process_.write({.phase = trace_phase::async_begin,
                    .name = name,
                    .category = name,
                    .at = task.began,
                    .id = task.apart,
                    .args = args.text()});
    write_ended_nodes(task);
}

void trace_run::end_apart(open_task& task, trace_time at, json_members const& args) {
    if (!task.apart) set_apart(task);
    at = std::max(at, task.began);
    for (node_slice& each : task.nodes) each.ended = at;
    write_ended_nodes(task);
    std::string const& name = names_[task.id.spec].text;
    process_.write({.phase = trace_phase::async_end,
                    .name = name,
                    .category = name,
                    .at = at,
                    .id = task.apart,
                    .args = args.text()});
}

void trace_run::write_slice(open_task const& task, json_members const& args, trace_time at) {
    task_id const& id = task.id;
    std::string const& kind = names_[id.spec].text;
    // With the key of the innermost child that has one, to be seen at a glance; the category is the same for all of a kind.
    auto const key = nearest_key(id);
    auto const name = key != nullptr ? json_string(id.of().name + " " + std::string(key.raw())) : names_[id.spec];
    process_.write({.phase = trace_phase::complete,
                    .name = name.text,
                    .category = kind,
                    .at = task.began,
                    .lasted = at - task.began,
                    .thread = task.began_on->number,
                    .args = args.text()});
    task.began_on->free_from = at;
    write_arrow(task);
    write_nodes_on_lane(task, at);
}

// From the expander to those of a child's tasks that begin it.
void trace_run::write_arrow(open_task const& task) {
    if (!task.id.index || task.id.of().needs != 0) return;
    auto const from = origins_.find(key_of(*task.id.spawning_task()));
    if (from == origins_.end() || from->second.at > task.began) return;
    trace_event arrow{.phase = trace_phase::flow_begin,
                      .name = "\"child\"",
                      .category = "\"child\"",
                      .at = from->second.at,
                      .thread = from->second.lane,
                      .id = process_.next_id()};
    process_.write(arrow);
    arrow.phase = trace_phase::flow_end;
    arrow.at = task.began;
    arrow.thread = task.began_on->number;
    process_.write(arrow);
}

// ---- what is told of in passing

void trace_run::retry(retry_event const& event) { instants_.retry(process_, event, since_zero(event.time)); }

void trace_run::not_started(not_started_event const& event) {
    instants_.not_started(process_, event, since_zero(event.time));
}

// ---- begin and end

void trace_run::write_rule() {
    json_members n;
    for (std::size_t i = 1; i < plan_->scopes.size(); ++i) {
        std::string_view const expander = names_[plan_->scopes[i].expand_spec].text;
        n.add(expander.substr(1, expander.size() - 2), sampling_.all_below(i));
    }
    json_members rule;
    rule.add("rule", json_text{fmt::format("\"{}\"", trace_sampling::rule())})
        .add("N", json_text{"{" + n.text() + "}"});
    process_.write_metadata({"\"frond_sampling\""}, rule);
}

void trace_run::end(run_event const& event) {
    trace_time const at = std::max(since_zero(event.time), latest_);
    json_members unknown;
    unknown.add("state", json_text{"\"not told\""});
    for (auto& [key, task] : open_) end_apart(task, at, unknown);
    open_.clear();
    running_.write(process_);
    memory_.look_at_last(process_, at);
    write_summary(event, at);
}

void trace_run::write_summary(run_event const& event, trace_time at) {
    json_members counts;
    counts.add("tasks_written", written_)
        .add("tasks_left_out", left_out_)
        .add("events_dropped", event.events_dropped)
        .add("children_not_started", instants_.children_not_started())
        .add("failures", instants_.failures())
        .add("retries", instants_.retries());
    process_.write_metadata({"\"frond_sampling\""}, counts);
    if (left_out_ != 0 || event.events_dropped != 0) {
        process_.write_instant(json_string(fmt::format("{} of {} tasks written, {} events dropped", written_,
                                                       written_ + left_out_, event.events_dropped)),
                               0, at, counts);
    }
    process_.write({.phase = trace_phase::async_end,
                    .name = run_name(event).text,
                    .category = "\"run\"",
                    .at = at,
                    .id = run_slice_,
                    .args = outcome_of(event).text()});
}

// ---- what it remembers

trace_time trace_run::since_zero(time_point at) const noexcept {
    return std::max<trace_time>(std::chrono::duration_cast<std::chrono::nanoseconds>(at - shared_.zero).count(), 0);
}

void trace_run::note_time(trace_time at) {
    latest_ = std::max(latest_, at);
    memory_.look(process_, latest_);
    if (latest_ < next_flush_) return;
    next_flush_ = latest_ + between_flushes;
    process_.flush();
}

trace_run::lane& trace_run::lane_of(std::thread::id thread) {
    if (last_lane_ != nullptr && last_thread_ == thread) return *last_lane_;
    auto const [at, is_new] = lanes_.try_emplace(thread);
    if (is_new) at->second.number = process_.add_lane(json_string(fmt::format("thread {}", lanes_.size())));
    last_thread_ = thread;
    last_lane_ = &at->second;
    return at->second;
}

trace_run::task_key trace_run::key_of(task_id const& id) {
    auto key = id.indices();
    key.push_back(id.spec);
    return key;
}

trace_run::open_task* trace_run::find_open(task_id const& id) {
    if (!sampling_.shows(id)) return nullptr;
    auto const found = open_.find(key_of(id));
    return found != open_.end() ? &found->second : nullptr;
}

}  // namespace frond::hooks::detail
