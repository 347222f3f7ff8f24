#include "trace_run.hpp"

#include "process_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr trace_time mark = 1;  // how long the mark of a suspended task is, so that arrows have a slice to be at
constexpr trace_time between_flushes = 500'000'000;
constexpr unsigned samples_before_doubling = 256;
constexpr std::uint64_t most_instants = 1000;  // of a kind
constexpr std::size_t most_nodes_kept = 64;

json_text state_text(task_state state) { return json_string(to_string(state)); }

std::string describe(error const& failure) {
    return std::string(failure.message().empty() ? failure.code().message() : std::string(failure.message()));
}

json_text run_name(run_event const& begun) {
    std::string name = fmt::format("run {}", begun.run_id);
    for (auto const& output : begun.plan->outputs)
        name += (&output == begun.plan->outputs.data() ? ": " : ", ") + output.name;
    return json_string(name);
}

json_members members_of(task_id const& id) {
    json_members made;
    made.add("task", json_string(id.to_string()));
    if (id.index) made.add("index", *id.index);
    if (id.key != nullptr) made.add("key", json_string(*id.key));
    return made;
}

}  // namespace

trace_run::trace_run(trace_shared& shared, run_event const& begun)
    : shared_(shared),
      plan_(begun.plan),
      sampling_(*plan_, shared.options.max_events(), shared.options.nodes()),
      number_(++shared.last_lane),
      run_slice_(++shared.last_id),
      began_(since_zero(begun.time)),
      running_(plan_->scopes.size()),
      next_memory_(began_),
      next_flush_(began_ + between_flushes) {
    for (task_spec const& spec : plan_->specs) names_.push_back(json_string(spec.name));
    auto const name = run_name(begun);
    write_name("process_name", 0, name);
    json_members n;
    for (std::size_t i = 1; i < plan_->scopes.size(); ++i) {
        std::string const& expander = names_[plan_->scopes[i].expand_spec].text;
        n.add(std::string_view(expander).substr(1, expander.size() - 2), sampling_.all_below(i));
    }
    json_members rule;
    rule.add("rule", json_text{fmt::format("\"{}\"", trace_sampling::rule())})
        .add("N", json_text{"{" + n.text() + "}"});
    write({.phase = trace_phase::metadata, .name = "\"frond_sampling\"", .args = rule.text()});
    write(
        {.phase = trace_phase::async_begin, .name = name.text, .category = "\"run\"", .at = began_, .id = run_slice_});
    look_at_memory(began_);
}

// ---- tasks

void trace_run::before_task(task_event const& event) {
    trace_time const at = since_zero(event.time);
    lane& on = lane_of(event.thread);
    something_else_on(on);
    count_running(event, 1);
    look_at_memory(at);
    if (!sampling_.shows(event.id)) {
        ++left_out_;
        return;
    }
    ++shown_;
    auto const key = key_of(event.id);
    if (auto const lost = open_.find(key); lost != open_.end()) {  // its end was dropped
        end_apart(lost->second, at, {});
        open_.erase(lost);
    }
    open_task& task = open_.emplace(key, open_task{event.id, &on, at}).first->second;
    on.on_it = &task;
    if (event.purpose != purpose::expand) return;
    // It stays open while its children run, so they find its mark.
    if (on.free_from <= at) origins_.insert_or_assign(key, origin{on.number, at});
    set_apart(task);
}

void trace_run::after_task(task_event const& event) {
    trace_time const at = since_zero(event.time);
    lane& on = lane_of(event.thread);
    count_running(event, -1);
    look_at_memory(at);
    bool const failed = event.state == task_state::failed || event.state == task_state::timed_out;
    if (failed && room_for_instant(failures_)) {
        json_members args;
        args.add("task", json_string(event.id.to_string()));
        if (event.failure) {
            args.add("node", json_string(event.failure->node())).add("error", json_string(describe(*event.failure)));
        }
        write_instant({"\"failed\""}, on.number, at, args);
    }
    auto const found = sampling_.shows(event.id) ? open_.find(key_of(event.id)) : open_.end();
    if (found == open_.end()) {
        something_else_on(on);
        return;
    }
    open_task& task = found->second;
    bool const alone = on.on_it == &task && on.free_from <= task.began && task.began <= at;
    if (on.on_it != &task) something_else_on(on);
    if (alone && !task.apart) {
        write_slice(task, event, at);
        on.free_from = at;
    } else {
        json_members args;
        args.add("state", state_text(event.state));
        if (event.failure) args.add("error", json_string(describe(*event.failure)));
        end_apart(task, at, args);
    }
    if (task.began_on->on_it == &task) task.began_on->on_it = nullptr;
    open_.erase(found);
}

void trace_run::write_slice(open_task const& task, task_event const& ended, trace_time at) {
    auto args = members_of(task.id);
    args.add("state", state_text(ended.state));
    if (ended.failure) args.add("error", json_string(describe(*ended.failure)));
    // With its key, for that is seen at a glance; the category is the same for all of a kind.
    auto const& spec = task.id.of();
    auto const name = task.id.key != nullptr ? json_string(spec.name + " " + *task.id.key) : names_[task.id.spec];
    write({.phase = trace_phase::complete,
           .name = name.text,
           .category = names_[task.id.spec].text,
           .at = task.began,
           .lasted = at - task.began,
           .thread = task.began_on->number,
           .args = args.text()});
    write_arrow(task);
    // After their task: of slices that begin at the same time the outer one has to come first.
    for (node_slice const& each : task.nodes) {
        json_members node_args;
        node_args.add("attempt", std::uint64_t{each.attempt}).add("state", state_text(each.state));
        trace_time const began = std::clamp(each.began, task.began, at);
        write({.phase = trace_phase::complete,
               .name = json_string(plan_->graph[each.node].name).text,
               .category = "\"node\"",
               .at = began,
               .lasted = std::clamp(each.ended.value_or(at), began, at) - began,
               .thread = task.began_on->number,
               .args = node_args.text()});
    }
}

void trace_run::set_apart(open_task& task) {
    task.apart = ++shared_.last_id;
    auto const args = members_of(task.id);
    std::string const& name = names_[task.id.spec].text;
    lane& on = *task.began_on;
    if (on.on_it == &task) on.on_it = nullptr;
    if (on.free_from <= task.began) {
        on.free_from = task.began + mark;
        write({.phase = trace_phase::complete,
               .name = name,
               .category = name,
               .at = task.began,
               .lasted = mark,
               .thread = on.number,
               .args = args.text()});
        write_arrow(task);
    }
    write({.phase = trace_phase::async_begin,
           .name = name,
           .category = name,
           .at = task.began,
           .id = task.apart,
           .args = args.text()});
    write_nodes(task);
}

void trace_run::something_else_on(lane& where) {
    if (where.on_it != nullptr) set_apart(*where.on_it);
}

void trace_run::end_apart(open_task& task, trace_time at, json_members const& args) {
    if (!task.apart) set_apart(task);
    for (node_slice& each : task.nodes) each.ended = at;
    write_nodes(task);
    std::string const& name = names_[task.id.spec].text;
    write({.phase = trace_phase::async_end,
           .name = name,
           .category = name,
           .at = std::max(at, task.began),
           .id = task.apart,
           .args = args.text()});
}

// From the expander to the first tasks of a child.
void trace_run::write_arrow(open_task const& task) {
    if (!task.id.index || task.id.of().needs != 0) return;
    auto const from = origins_.find(key_of(*task.id.spawning_task()));
    if (from == origins_.end() || from->second.at > task.began) return;
    trace_event arrow{.phase = trace_phase::flow_begin,
                      .name = "\"child\"",
                      .category = "\"child\"",
                      .at = from->second.at,
                      .thread = from->second.lane,
                      .id = ++shared_.last_id};
    write(arrow);
    arrow.phase = trace_phase::flow_end;
    arrow.at = task.began;
    arrow.thread = task.began_on->number;
    write(arrow);
}

// ---- nodes

void trace_run::before_node(node_event const& event) {
    if (!shared_.options.nodes() || !sampling_.shows(event.task)) return;
    auto const found = open_.find(key_of(event.task));
    if (found == open_.end()) return;
    open_task& task = found->second;
    trace_time const at = since_zero(event.time);
    bool const elsewhere = &lane_of(event.thread) != task.began_on;
    if (!task.apart && (elsewhere || task.nodes.size() >= most_nodes_kept)) set_apart(task);
    for (node_slice& each : task.nodes) each.ended = each.ended.value_or(at);
    if (task.apart) write_nodes(task);
    task.nodes.push_back({event.node, event.attempt, at, std::nullopt});
}

void trace_run::after_node(node_event const& event) {
    if (!shared_.options.nodes() || !sampling_.shows(event.task)) return;
    auto const found = open_.find(key_of(event.task));
    if (found == open_.end() || found->second.nodes.empty()) return;
    open_task& task = found->second;
    node_slice& node = task.nodes.back();
    if (node.node != event.node || node.ended) return;
    node.ended = std::max(since_zero(event.time), node.began);
    node.state = event.state;
    if (!task.apart && &lane_of(event.thread) != task.began_on) set_apart(task);
    if (task.apart) write_nodes(task);
}

// Those that have ended, inside the task's slice on its track.
void trace_run::write_nodes(open_task& task) {
    for (node_slice const& each : task.nodes) {
        if (!each.ended) continue;
        json_members args;
        args.add("attempt", std::uint64_t{each.attempt}).add("state", state_text(each.state));
        auto const name = json_string(plan_->graph[each.node].name);
        trace_time const began = std::max(each.began, task.began);
        trace_event slice{.phase = trace_phase::async_begin,
                          .name = name.text,
                          .category = names_[task.id.spec].text,
                          .at = began,
                          .id = task.apart,
                          .args = args.text()};
        write(slice);
        slice.phase = trace_phase::async_end;
        slice.at = std::max(*each.ended, began);
        slice.args = {};
        write(slice);
    }
    std::erase_if(task.nodes, [](node_slice const& each) { return each.ended.has_value(); });
}

// ---- what is told of in passing

void trace_run::retry(retry_event const& event) {
    if (!room_for_instant(retries_)) return;
    json_members args;
    args.add("task", json_string(event.task.to_string()))
        .add("node", json_string(event.name()))
        .add("attempt", std::uint64_t{event.attempt})
        .add("error", json_string(describe(event.failure)))
        .add("delay ms", std::chrono::duration<double, std::milli>(event.delay).count());
    write_instant({"\"retry\""}, 0, since_zero(event.time), args);
}

void trace_run::not_started(not_started_event const& event) {
    if (!room_for_instant(not_started_)) return;
    json_members args;
    args.add("expander", json_string(event.expander.to_string()))
        .add("first", event.first)
        .add("count", event.count)
        .add("reason", state_text(event.reason));
    write_instant({"\"not started\""}, 0, since_zero(event.time), args);
}

bool trace_run::room_for_instant(std::uint64_t& written) noexcept { return ++written <= most_instants; }

void trace_run::write_instant(json_text const& name, std::uint64_t thread, trace_time at, json_members const& args) {
    write({.phase = trace_phase::instant,
           .name = name.text,
           .category = name.text,
           .at = at,
           .thread = thread,
           .args = args.text()});
}

void trace_run::look_at_memory(trace_time at) {
    latest_ = std::max(latest_, at);
    if (latest_ >= next_flush_) {
        next_flush_ = latest_ + between_flushes;
        shared_.file.flush();
    }
    if (!shared_.options.memory() || latest_ < next_memory_) return;
    if (++memory_taken_ % samples_before_doubling == 0) between_memory_ *= 2;
    next_memory_ = latest_ + between_memory_;
    auto const bytes = resident_bytes();
    if (!bytes) return;
    json_members args;
    args.add("resident MiB", static_cast<double>(*bytes) / (1 << 20));
    write({.phase = trace_phase::counter, .name = "\"memory\"", .at = latest_, .args = args.text()});
}

// A child runs from its first task's begin to the end of the last one that is open.
void trace_run::count_running(task_event const& event, int change) {
    if (!event.id.index) return;
    std::size_t const scope = event.id.of().scope;
    if (plan_->scopes[scope].specs.size() > 1) {
        auto key = key_of(event.id);
        key.front() = scope;
        auto const at = tasks_of_children_.try_emplace(std::move(key), 0).first;
        at->second += change;
        bool const was_first = change > 0 && at->second == 1;
        bool const was_last = change < 0 && at->second == 0;
        if (at->second <= 0) tasks_of_children_.erase(at);
        if (!was_first && !was_last) return;
    }
    running_[scope].add(since_zero(event.time) - began_, change);
}

// ---- the end

void trace_run::end(run_event const& event) {
    trace_time const at = std::max(since_zero(event.time), latest_);
    json_members unknown;
    unknown.add("state", json_text{"\"not told\""});
    for (auto& [key, task] : open_) end_apart(task, at, unknown);
    open_.clear();
    write_running();
    next_memory_ = 0;
    look_at_memory(at);
    write_summary(event, at);
}

void trace_run::write_running() {
    for (std::size_t scope = 1; scope < running_.size(); ++scope) {
        if (running_[scope].left() != 0) continue;  // events were dropped, so it was wrong for a while
        auto const name = json_string(plan_->graph[*plan_->scopes[scope].expander_node].name + ": running");
        for (auto const& [from, mean] : running_[scope].points()) {
            json_members args;
            args.add("children", mean);
            write({.phase = trace_phase::counter, .name = name.text, .at = began_ + from, .args = args.text()});
        }
    }
}

void trace_run::write_summary(run_event const& event, trace_time at) {
    json_members counts;
    counts.add("tasks_written", shown_)
        .add("tasks_left_out", left_out_)
        .add("events_dropped", event.events_dropped)
        .add("failures", failures_)
        .add("retries", retries_);
    write({.phase = trace_phase::metadata, .name = "\"frond_sampling\"", .args = counts.text()});
    if (left_out_ != 0 || event.events_dropped != 0) {
        write_instant(json_string(fmt::format("{} of {} tasks written, {} events dropped", shown_, shown_ + left_out_,
                                              event.events_dropped)),
                      0, at, counts);
    }
    json_members args;
    args.add("state", state_text(!event.failure                 ? task_state::succeeded
                                 : event.failure->is_canceled() ? task_state::cancelled
                                                                : task_state::failed));
    if (event.failure) {
        args.add("error", json_string(describe(*event.failure))).add("task", json_string(event.failure->task()));
    }
    write({.phase = trace_phase::async_end,
           .name = run_name(event).text,
           .category = "\"run\"",
           .at = at,
           .id = run_slice_,
           .args = args.text()});
}

// ---- writing

trace_time trace_run::since_zero(time_point at) noexcept {
    return std::max<trace_time>(std::chrono::duration_cast<std::chrono::nanoseconds>(at - shared_.zero).count(), 0);
}

trace_run::lane& trace_run::lane_of(std::thread::id thread) {
    if (last_lane_ != nullptr && last_thread_ == thread) return *last_lane_;
    auto const [at, made] = lanes_.try_emplace(thread);
    if (made) {
        at->second.number = ++shared_.last_lane;
        write_name("thread_name", at->second.number, json_string(fmt::format("thread {}", lanes_.size())));
    }
    last_thread_ = thread;
    last_lane_ = &at->second;
    return at->second;
}

trace_run::task_key trace_run::key_of(task_id const& id) {
    auto key = id.indices();
    key.insert(key.begin(), id.spec);
    return key;
}

void trace_run::write_name(char const* what, std::uint64_t thread, json_text const& name) {
    json_members args;
    args.add("name", name);
    write({.phase = trace_phase::metadata, .name = fmt::format("\"{}\"", what), .thread = thread, .args = args.text()});
}

void trace_run::write(trace_event event) {
    event.process = number_;
    shared_.file.write(event);
}

}  // namespace frond::hooks::detail
