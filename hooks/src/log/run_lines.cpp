#include "run_lines.hpp"

#include "frond/base/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace frond::hooks::detail {

namespace {

std::int64_t nanoseconds(duration time) noexcept {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

/// In UTC, to the millisecond: "2026-11-27T11:52:52.123Z".
std::string calendar_text(std::chrono::system_clock::time_point time) {
    auto const now = std::chrono::floor<std::chrono::milliseconds>(time);
    auto const day = std::chrono::floor<std::chrono::days>(now);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(now - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

constexpr std::size_t message_bytes_in_full = 4096;

/// A name or key as a part of an id, or in its place.
void append_name(json_writer& to, std::string_view name) {
    auto const part = frond::detail::beginning(name, task_id::most_of_a_name);
    to.append_escaped(part);
    if (part.size() != name.size()) to.append("...");
}

void name_member(json_writer& to, std::string_view member, std::string_view name) {
    to.name(member);
    to.append("\"");
    append_name(to, name);
    to.append("\"");
}

/// The text, or, where it is too long, its beginning with the length of all of it.
void text_member(json_writer& to, std::string_view member, std::string_view text, std::size_t most) {
    auto const part = frond::detail::beginning(text, most);
    to.member(member, part);
    if (part.size() != text.size()) to.member(std::string(member) + "_bytes", text.size());
}

enum class telling {
    first,  // nowhere else has the message been told in full
    again,
};

void members(json_writer& to, error const& failure, telling when) {
    to.member("code", failure.code().value());
    to.member("category", failure.code().category().name());
    // An error of no task has no line but this one.
    bool const whole = when == telling::first || failure.raw_task().empty();
    text_member(to, "message", failure.raw_message(), whole ? std::string_view::npos : message_bytes_in_full);
    if (!failure.raw_task().empty()) to.member("task", failure.raw_task());
    if (!failure.raw_node().empty()) name_member(to, "node", failure.raw_node());
}

void failure_of(json_writer& to, std::optional<error> const& failure, telling when) {
    if (!failure) return;
    to.name("failure");
    to.open_object();
    members(to, *failure, when);
    if (!failure->others().empty()) {
        to.name("others");
        to.open_array();
        for (error const& other : failure->others()) {
            to.open_object();
            members(to, other, when);
            to.close_object();
        }
        to.close_array();
    }
    if (failure->others_dropped() != 0) to.member("others_dropped", failure->others_dropped());
    to.close_object();
}

template <class Range, class Name>
void names(json_writer& to, std::string_view member, Range const& of, Name name_of) {
    to.name(member);
    to.open_array();
    for (auto const& each : of) to.value(std::string_view(name_of(each)));
    to.close_array();
}

std::string_view text_of(trigger what) noexcept {
    switch (what) {
        case trigger::ended: return "ended";
        case trigger::opened: return "opened";
        case trigger::finished: break;
    }
    return "finished";
}

void dependencies(json_writer& to, plan const& of, std::size_t spec) {
    to.name("dependencies");
    to.open_array();
    for (std::size_t i = 0; i < of.specs.size(); ++i) {
        for (auto const& dependent : of.specs[i].dependents) {
            if (dependent.spec != spec) continue;
            to.open_object();
            to.member("spec", i);
            to.member("on", text_of(dependent.on));
            to.close_object();
        }
    }
    to.close_array();
}

void write_counts(json_writer& to, counters const& of) {
    to.member("yielded", of.yielded);
    to.member("running", of.running);
    to.member("succeeded", of.succeeded);
    to.member("failed", of.failed);
    to.member("cancelled", of.cancelled);
    to.member("skipped", of.skipped);
    to.member("timed_out", of.timed_out);
}

void progress_of(json_writer& to, progress const& last) {
    to.name("progress");
    to.open_object();
    to.member("failures_total", last.failures_total);
    to.member("retries", last.retries);
    to.name("specs");
    to.open_array();
    for (auto const& spec : last.specs) {
        to.open_object();
        to.member("id", spec.name);
        write_counts(to, spec.tasks);
        to.close_object();
    }
    to.close_array();
    to.name("expansions");
    to.open_array();
    for (auto const& expansion : last.expansions) {
        to.open_object();
        to.member("expander", expansion.name);
        if (expansion.total) to.member("total", *expansion.total);
        write_counts(to, expansion.children);
        to.close_object();
    }
    to.close_array();
    to.close_object();
}

}  // namespace

run_lines::run_lines(std::uint64_t run_id, std::shared_ptr<frond::plan const> plan, time_point zero)
    : run_id_(run_id), plan_(std::move(plan)), zero_(zero), places_(plan_->specs.size()) {}

void run_lines::begin(json_writer& to, std::string_view moment, time_point time) const {
    to.append(R"({"event":")");
    to.append(moment);
    to.append(R"(","run":)");
    to.append(run_id_);
    to.append(R"(,"time":)");
    to.append(nanoseconds(time - zero_));
}

// ---- where

run_lines::known_place const& run_lines::place_of(task_id const& id) {
    known_place& kept = places_[id.spec];
    if (kept.known && kept.enclosing == id.enclosing) return kept;
    known_place made;
    made.enclosing = id.enclosing;
    made.known = true;
    std::vector<child_path const*> around;  // innermost first
    for (auto const* each = id.enclosing.get(); each != nullptr; each = each->enclosing.get()) around.push_back(each);
    std::vector<std::size_t> spawners;  // innermost first
    for (std::size_t scope = id.of().scope; scope != 0; scope = plan_->scopes[scope].parent) {
        spawners.push_back(plan_->scopes[scope].expand_spec);
    }
    json_writer head(made.head);
    json_writer tail(made.tail);
    json_writer indices(made.indices);
    for (std::size_t level = spawners.size(); level-- > 0;) {
        append_name(head, plan_->specs[spawners[level]].name);
        head.append(".");
        if (level == 0 || level > around.size()) continue;
        child_path const& child = *around[level - 1];
        head.append(child.index);
        indices.append(child.index);
        indices.append(",");
        if (child.key != nullptr) {
            head.append("[");
            append_name(head, child.key.raw());
            head.append("]");
        }
        head.append(".");
    }
    if (id.index) tail.append(".");
    append_name(tail, id.of().name);
    return kept = std::move(made);
}

// Its id, spec, indices and key: `"task":"expand-file.3[a].block-file","spec":1,"child":[3],"key":"a"`.
void run_lines::place(json_writer& to, std::string_view member, task_id const& id) {
    known_place const& at = place_of(id);
    to.append(R"(,")");
    to.append(member);
    to.append(R"(":")");
    if (id.index) {
        to.append(at.head);
        to.append(*id.index);
        if (id.key != nullptr) {
            to.append("[");
            append_name(to, id.key.raw());
            to.append("]");
        }
    }
    to.append(at.tail);
    to.append(R"(","spec":)");
    to.append(id.spec);
    if (!id.index) return;
    to.append(R"(,"child":[)");
    to.append(at.indices);
    to.append(*id.index);
    to.append("]");
    if (id.key != nullptr) text_member(to, "key", id.key.raw(), task_id::most_of_a_name);
}

// A number in place of the id, which means nothing outside its process.
void run_lines::thread(json_writer& to, std::thread::id id) {
    if (last_thread_ >= threads_.size() || threads_[last_thread_] != id) {
        auto const found = std::find(threads_.begin(), threads_.end(), id);
        last_thread_ = static_cast<std::size_t>(found - threads_.begin());
        if (found == threads_.end()) threads_.push_back(id);
    }
    to.append(R"(,"thread":)");
    to.append(last_thread_);
}

// ---- the lines

void run_lines::before_run(json_writer& to, run_event const& event) const {
    begin(to, "before_run", event.time);
    to.member("steady", nanoseconds(event.time.time_since_epoch()));
    to.member("calendar", calendar_text(std::chrono::system_clock::now()));
    names(to, "inputs", plan_->inputs, [](auto const& each) -> auto& { return each.name; });
    names(to, "overridden", plan_->options.overridden, [](auto const& each) -> auto& { return each; });
    names(to, "outputs", plan_->outputs, [](auto const& each) -> auto& { return each.name; });
    to.close_object();
}

void run_lines::after_grouping(json_writer& to, run_event const& event) const {
    begin(to, "after_grouping", event.time);
    to.name("specs");
    to.open_array();
    for (std::size_t i = 0; i < plan_->specs.size(); ++i) {
        task_spec const& spec = plan_->specs[i];
        to.open_object();
        to.member("id", spec.name);
        to.member("purpose", to_string(spec.purpose));
        names(to, "nodes", spec.steps, [&](plan_step const& step) -> auto& { return plan_->graph[step.node].name; });
        dependencies(to, *plan_, i);
        to.member("scope", spec.scope);
        to.close_object();
    }
    to.close_array();
    to.name("scopes");
    to.open_array();
    for (plan_scope const& scope : plan_->scopes) {
        to.open_object();
        to.member("depth", scope.depth);
        if (scope.expander_node) {
            to.member("expander", plan_->graph[*scope.expander_node].name);
            to.member("spec", scope.expand_spec);
            to.member("parent", scope.parent);
            to.member("failures_are_values", scope.failures_are_values);
        }
        to.close_object();
    }
    to.close_array();
    to.close_object();
}

void run_lines::on_yield(json_writer& to, yield_event const& event) {
    begin(to, "on_yield", event.time);
    place(to, "expander", event.expander);
    to.member("index", event.index);
    if (event.key != nullptr) to.member("index_key", event.key.raw());
    if (event.total) to.member("total", *event.total);
    to.close_object();
}

void run_lines::expansion(json_writer& to, std::string_view moment, expansion_event const& event) {
    begin(to, moment, event.time);
    place(to, "expander", event.expander);
    to.member("total", event.total);
    if (event.state != task_state::running) to.member("state", to_string(event.state));
    failure_of(to, event.failure, telling::again);
    to.close_object();
}

void run_lines::on_not_started(json_writer& to, not_started_event const& event) {
    begin(to, "on_not_started", event.time);
    place(to, "expander", event.expander);
    to.member("first", event.first);
    to.member("count", event.count);
    to.member("reason", to_string(event.reason));
    to.close_object();
}

void run_lines::on_stream_growth(json_writer& to, stream_growth_event const& event) {
    begin(to, "on_stream_growth", event.time);
    place(to, "expander", event.expander);
    name_member(to, "collector", event.collector.of().name);
    to.member("chunks", event.chunks);
    to.member("bytes", event.bytes);
    to.close_object();
}

void run_lines::task(json_writer& to, std::string_view moment, task_event const& event) {
    begin(to, moment, event.time);
    place(to, "task", event.id);
    if (event.total) to.member("total", *event.total);
    if (event.attempt != 1) to.member("attempt", event.attempt);
    thread(to, event.thread);
    if (event.state != task_state::running) to.member("state", to_string(event.state));
    failure_of(to, event.failure, telling::first);
    to.close_object();
}

void run_lines::node(json_writer& to, std::string_view moment, node_event const& event) {
    begin(to, moment, event.time);
    place(to, "task", event.task);
    name_member(to, "node", event.raw_name());
    if (event.attempt != 1) to.member("attempt", event.attempt);
    thread(to, event.thread);
    if (event.state != task_state::running) to.member("state", to_string(event.state));
    failure_of(to, event.failure, telling::again);
    to.close_object();
}

void run_lines::on_progress(json_writer& to, progress_event const& event) {
    begin(to, "on_progress", event.time);
    place(to, "task", event.task);
    to.member("done", event.done);
    if (event.of != 0) to.member("of", event.of);
    to.close_object();
}

void run_lines::on_retry(json_writer& to, retry_event const& event) {
    begin(to, "on_retry", event.time);
    place(to, "task", event.task);
    name_member(to, "node", event.raw_name());
    to.member("attempt", event.attempt);
    to.member("delay", nanoseconds(event.delay));
    failure_of(to, event.failure, telling::first);
    to.close_object();
}

void run_lines::gap(json_writer& to, run_event const& event) const {
    begin(to, "gap", event.time);
    to.member("events_dropped", event.events_dropped);
    to.close_object();
}

void run_lines::after_run(json_writer& to, run_event const& event) const {
    begin(to, "after_run", event.time);
    bool const cancelled = event.failure && event.failure->is_canceled();
    to.member("outcome", cancelled ? "cancelled" : event.failure ? "failed" : "succeeded");
    failure_of(to, event.failure, telling::again);
    to.member("events_dropped", event.events_dropped);
    if (event.progress) progress_of(to, *event.progress);
    to.close_object();
}

}  // namespace frond::hooks::detail
