// The report for programs.
#include "words.hpp"

#include "frond/hooks/run_timing.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace frond::hooks {

namespace {

using json = nlohmann::ordered_json;

json of_spread(time_spread const& from) {
    return {{"count", from.count},          {"total_ns", from.total.count()}, {"mean_ns", from.mean().count()},
            {"min_ns", from.least.count()}, {"p50_ns", from.p50.count()},     {"p95_ns", from.p95.count()},
            {"p99_ns", from.p99.count()},   {"max_ns", from.most.count()}};
}

json of_activity(activity const& from) { return {{"slice_ns", from.slice.count()}, {"mean", from.mean}}; }

json of_spec(spec_timing const& from) {
    return {{"name", from.name},
            {"expander", from.expander ? json(*from.expander) : json()},
            {"purpose", to_string(from.purpose)},
            {"depth", from.depth},
            {"tasks", of_spread(from.tasks)},
            {"running", from.running},
            {"failed", from.failed},
            {"timed_out", from.timed_out},
            {"cancelled", from.cancelled},
            {"untimed", from.untimed},
            {"queued", of_spread(from.queued)},
            {"running_over_time", of_activity(from.running_over_time)}};
}

json of_each(auto const& range, auto const& make) {
    json made = json::array();
    for (auto const& each : range) made.push_back(make(each));
    return made;
}

json of_expansion(expansion_timing const& from) {
    return {{"name", from.name},
            {"yielded", from.yielded},
            {"not_started", from.not_started},
            {"open_ns", from.open.count()},
            {"none_queued_ns", from.none_queued.count()},
            {"none_open_ns", from.none_open.count()}};
}

json of_collector(collector_timing const& from) {
    return {{"name", from.name},
            {"with_children_ns", from.with_children.count()},
            {"after_children_ns", from.after_children.count()}};
}

json of_slow(slow_task const& from) {
    return {{"task", from.task},
            {"key", from.key},
            {"began_ns", from.began.count()},
            {"took_ns", from.took.count()},
            {"state", to_string(from.state)}};
}

json of_step(critical_step const& from) {
    return {{"task", from.task},
            {"spec", from.spec},
            {"waited_ns", from.waited.count()},
            {"from_ns", from.from.count()},
            {"to_ns", from.to.count()},
            {"children_ran_ns", from.children_ran.count()}};
}

json of_thread(thread_timing const& from) {
    return {
        {"tasks", from.tasks}, {"busy_ns", from.busy.count()}, {"busy_over_time", of_activity(from.busy_over_time)}};
}

json of_sampled(sampled_task const& from) {
    return {{"spec", from.spec}, {"from_ns", from.from.count()}, {"to_ns", from.to.count()}, {"task", from.task}};
}

}  // namespace

std::string to_json(run_timing const& of) {
    json made;
    made["run_id"] = of.run_id;
    made["outcome"] = detail::outcome_text(of);
    if (of.failure) made["failure"] = *of.failure;
    made["elapsed_ns"] = of.elapsed.count();
    made["events_dropped"] = of.events_dropped;
    made["specs"] = of_each(of.specs, of_spec);
    made["expansions"] = of_each(of.expansions, of_expansion);
    made["collectors"] = of_each(of.collectors, of_collector);
    made["slowest"] = of_each(of.slowest, of_slow);
    made["critical_path"] = of_each(of.critical_path, of_step);
    made["critical_path_is_whole"] = of.path_is_whole;
    made["threads"] = of_each(of.threads, of_thread);
    made["elsewhere_ns"] = of.elsewhere.count();
    made["suspending_ns"] = of.suspending.count();
    made["timeline"] = of_each(of.timeline, of_sampled);
    return made.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace frond::hooks
