#include "trace_instants.hpp"

#include "trace_members.hpp"

#include <chrono>

namespace frond::hooks::detail {

namespace {

constexpr std::uint64_t most = 1000;  // of a kind

}  // namespace

void trace_instants::note_outcome(trace_process& to, std::uint64_t lane, task_event const& event, trace_time at) {
    if (event.state != task_state::failed && event.state != task_state::timed_out) return;
    if (++failures_ > most) return;
    json_members args;
    args.add("task", json_string(event.id.to_string()));
    if (event.failure) args.add("node", json_string(event.failure->node())).add("error", error_text(*event.failure));
    to.write_instant({"\"failed\""}, lane, at, args);
}

void trace_instants::retry(trace_process& to, retry_event const& event, trace_time at) {
    if (++retries_ > most) return;
    json_members args;
    args.add("task", json_string(event.task.to_string()))
        .add("node", json_string(event.raw_name()))
        .add("attempt", std::uint64_t{event.attempt})
        .add("error", error_text(event.failure))
        .add("delay ms", std::chrono::duration<double, std::milli>(event.delay).count());
    to.write_instant({"\"retry\""}, 0, at, args);
}

void trace_instants::not_started(trace_process& to, not_started_event const& event, trace_time at) {
    children_not_started_ += event.count;
    if (++ranges_not_started_ > most) return;
    json_members args;
    args.add("expander", json_string(event.expander.to_string()))
        .add("first", event.first)
        .add("count", event.count)
        .add("reason", state_text(event.reason));
    to.write_instant({"\"not started\""}, 0, at, args);
}

}  // namespace frond::hooks::detail
