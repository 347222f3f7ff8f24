// What Prometheus is told of runs.
#include "../../catch.hpp"

#include "frond/hooks/metrics.hpp"

#include "patience.hpp"
#include "samples.hpp"
#include "scraped.hpp"

#include <frond/frond.hpp>

#include <prometheus/registry.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

using namespace samples;
using frond::hooks::duration_metrics;
using frond::hooks::duration_metrics_options;
using frond::hooks::metrics;
using frond::hooks::metrics_options;

namespace {

frond::progress going_on(std::uint64_t id, std::uint64_t running, std::uint64_t ended) {
    frond::progress made = files(1s, 10, ended, false);
    made.run_id = id;
    made.specs[1].tasks.running = running;
    made.expansions[0].children.running = running;
    return made;
}

frond::run_event ended(std::uint64_t id) {
    frond::run_event made;
    made.run_id = id;
    made.progress = going_on(id, 0, 8);
    made.progress->specs[1].tasks.failed = 1;
    made.progress->specs[1].tasks.skipped = 1;
    made.progress->expansions[0].children.skipped = 2;
    made.progress->retries = 3;
    return made;
}

frond::task_event task(std::shared_ptr<frond::plan const> const& of, std::uint64_t index, frond::duration at) {
    frond::task_event made;
    made.id.plan = of;
    made.id.index = index;
    made.time = start + at;
    return made;
}

std::shared_ptr<frond::plan const> plan_of(std::string spec) {
    auto made = std::make_shared<frond::plan>();
    made->specs.emplace_back().name = std::move(spec);
    return made;
}

std::string const hostile = "a\n# TYPE x counter\r\"} 1\\\x1b[2J\xff\xe2\x80\xae";
std::string const harmless = "a\\\\n# TYPE x counter\\\\r\\\"} 1\\\\\\\\x1b[2J\\\\xff\\\\u{202e}";

void check_lines(std::string const& text) {
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); }));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        CHECK((line.rfind("frond_", 0) == 0 || line.rfind("# HELP frond_", 0) == 0 ||
               line.rfind("# TYPE frond_", 0) == 0));
    }
}

}  // namespace

TEST_CASE("counters grow with the samples of a run, and are exact in the end") {
    scraped from;
    metrics hook(from.registry);
    frond::run_event first;
    first.run_id = 1;
    hook.before_run(first);
    CHECK(from.value("frond_runs_running") == "1");
    hook.on_sample(going_on(1, 3, 2));
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"succeeded\"}") == "2");
    CHECK(from.value("frond_tasks_running{spec=\"block-file\"}") == "3");
    CHECK(from.value("frond_tasks_queued{spec=\"block-file\"}") == "5");
    CHECK(from.value("frond_children_running{expander=\"file\"}") == "3");
    CHECK(from.value("frond_children_queued{expander=\"file\"}") == "5");
    hook.on_sample(going_on(1, 1, 7));
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"succeeded\"}") == "7");
    hook.after_run(ended(1));
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"succeeded\"}") == "8");
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"failed\"}") == "1");
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"skipped\"}") == "1");
    CHECK(from.value("frond_tasks_running{spec=\"block-file\"}") == "0");
    CHECK(from.value("frond_children_queued{expander=\"file\"}") == "0");
    CHECK(from.value("frond_retries_total") == "3");
    CHECK(from.value("frond_runs_running") == "0");
}

TEST_CASE("runs at once and one after the other add up, of two hooks too") {
    scraped from;
    metrics one(from.registry);
    metrics other(from.registry);
    one.on_sample(going_on(1, 3, 2));
    one.on_sample(going_on(2, 1, 2));
    other.on_sample(going_on(3, 1, 2));
    CHECK(from.value("frond_tasks_running{spec=\"block-file\"}") == "5");
    CHECK(from.value("frond_runs_running") == "3");
    auto failed = ended(2);
    failed.failure = frond::error(frond::errc::node_failed, "no luck");
    auto cancelled = ended(3);
    cancelled.failure = frond::error::canceled();
    one.after_run(failed);
    CHECK(from.value("frond_tasks_running{spec=\"block-file\"}") == "4");
    one.after_run(ended(1));
    other.after_run(cancelled);
    CHECK(from.value("frond_tasks_total{spec=\"block-file\",state=\"succeeded\"}") == "24");
    auto aborted = ended(4);
    aborted.failure = frond::error(std::make_error_code(std::errc::operation_canceled), "aborted by its own timer");
    other.after_run(aborted);
    CHECK(from.value("frond_runs_total{outcome=\"failed\"}") == "2");
    for (auto const* outcome : {"succeeded", "cancelled"}) {
        CHECK(from.value(std::string("frond_runs_total{outcome=\"") + outcome + "\"}") == "1");
    }
}

TEST_CASE("a run that ends without its counters leaves nothing in the gauges") {
    scraped from;
    metrics hook(from.registry);
    hook.on_sample(going_on(1, 3, 2));
    frond::run_event last;
    last.run_id = 1;
    hook.after_run(last);
    CHECK(from.value("frond_tasks_running{spec=\"block-file\"}") == "0");
    CHECK(from.value("frond_children_queued{expander=\"file\"}") == "0");
}

TEST_CASE("durations are counted into the histogram of their spec") {
    scraped from;
    duration_metrics hook(from.registry, duration_metrics_options().plan("corpus").buckets({1, 10}));
    auto const plan = plan_of("block-file");
    hook.before_task(task(plan, 0, 0s));
    hook.before_task(task(plan, 1, 1s));
    hook.after_task(task(plan, 1, 1500ms));
    hook.after_task(task(plan, 0, 4s));
    hook.after_task(task(plan, 2, 4s));  // whose beginning was dropped
    frond::run_event last;
    last.events_dropped = 7;
    hook.after_run(last);
    std::string const labels = "plan=\"corpus\",spec=\"block-file\"";
    std::string const other_order = "spec=\"block-file\",plan=\"corpus\"";
    auto const either = [&](std::string const& name, std::string const& more) {
        auto const found = from.value(name + "{" + labels + more + "}");
        return found.empty() ? from.value(name + "{" + other_order + more + "}") : found;
    };
    CHECK(either("frond_task_duration_seconds_count", "") == "2");
    CHECK(either("frond_task_duration_seconds_sum", "") == "4.5");
    CHECK(either("frond_task_duration_seconds_bucket", ",le=\"1\"") == "1");
    CHECK(from.value("frond_task_durations_missed_total{plan=\"corpus\"}") == "1");
    CHECK(from.value("frond_events_dropped_total{plan=\"corpus\"}") == "7");
}

TEST_CASE("a beginning is not taken for that of another run") {
    scraped from;
    duration_metrics hook(from.registry);
    auto const plan = plan_of("block-file");
    hook.before_task(task(plan, 0, 0s));
    hook.after_run({});
    hook.after_task(task(plan, 0, 4s));
    CHECK(from.value("frond_task_durations_missed_total") == "1");
}

TEST_CASE("a name can write nothing but itself") {
    scraped from;
    metrics hook(from.registry, metrics_options().plan(hostile));
    auto last = ended(1);
    last.progress->specs[1].name = hostile;
    last.progress->expansions[0].name = hostile;
    hook.after_run(last);
    duration_metrics durations(from.registry, duration_metrics_options().plan(hostile));
    auto const plan = plan_of(hostile);
    durations.before_task(task(plan, 0, 0s));
    durations.after_task(task(plan, 0, 1s));
    auto const text = from.text();
    check_lines(text);
    CHECK(text.find("spec=\"" + harmless + "\"") != std::string::npos);
    CHECK(text.find("expander=\"" + harmless + "\"") != std::string::npos);
    CHECK(text.find("plan=\"" + harmless + "\"") != std::string::npos);
}

TEST_CASE("names that look alike once they are printable share a series") {
    scraped from;
    metrics hook(from.registry);
    auto last = ended(1);
    last.progress->specs[0].name = "a\n";
    last.progress->specs[1].name = "a\\n";
    hook.after_run(last);
    CHECK(from.value("frond_tasks_total{spec=\"a\\\\n\",state=\"failed\"}") == "1");
}

TEST_CASE("without a registry there are no metrics") {
    CHECK_THROWS_AS(metrics(nullptr), std::invalid_argument);
    CHECK_THROWS_AS(duration_metrics(nullptr), std::invalid_argument);
}

TEST_CASE("buckets and intervals that mean nothing are refused where they are given") {
    double const nan = std::numeric_limits<double>::quiet_NaN();
    double const infinite = std::numeric_limits<double>::infinity();
    std::vector<std::vector<double>> const wrong = {{5, 1, 1e-9}, {1, 1},   {},    {-1, 0, 1},
                                                    {0, 1},       {1, nan}, {nan}, {1, infinite}};
    for (auto const& buckets : wrong) {
        CHECK_THROWS_AS(duration_metrics_options().buckets(buckets), std::invalid_argument);
    }
    CHECK(duration_metrics_options().buckets({1e-9, 1, 5}).buckets() == std::vector<double>{1e-9, 1, 5});
    try {
        duration_metrics_options().buckets({0.5, 2, 1});
        FAIL("taken");
    } catch (std::invalid_argument const& refused) {
        CHECK(
            std::string(refused.what()) ==
            "frond::hooks::duration_metrics_options: buckets(..., 2, 1, ...): say each bound once, in ascending order");
    }
    CHECK_THROWS_AS(metrics_options().interval(std::chrono::seconds(0)), std::invalid_argument);
    CHECK(metrics_options().interval(std::chrono::hours::max()).interval() == frond::duration::max());
}

namespace {

frond::expander<int> thousand() {
    for (int i = 0; i < 1000; ++i) co_yield frond::child("key " + std::to_string(i), i);
}
frond::expander<int> part(frond::in<thousand> of) {
    for (int i = 0; i < 5; ++i) co_yield *of + i;
}
int grown(frond::in<part> number) {
    if (*number == 3) throw std::runtime_error("no luck");
    return *number + 1;
}
int sum_of_parts(frond::all_results<grown> of) { return static_cast<int>(of.size()); }
int count_all(frond::all<sum_of_parts> of) {
    int all = 0;
    for (int each : of) all += each;
    return all;
}

}  // namespace

TEST_CASE("there are as many series after thousands of children as after a few, and each child is counted") {
    scraped from;
    metrics hook(from.registry);
    duration_metrics durations(from.registry, duration_metrics_options().bound(1'000'000));
    auto const outcome = run_patiently<count_all>(hook, durations, frond::threads(2));
    REQUIRE(outcome);
    CHECK(outcome.value() == 5000);
    auto const text = from.text();
    CHECK(std::count(text.begin(), text.end(), '\n') < 200);
    CHECK(text.find("key") == std::string::npos);
    CHECK(from.value("frond_tasks_total{spec=\"block-part\",state=\"failed\"}") == "4");
    CHECK(from.value("frond_tasks_total{spec=\"block-part\",state=\"succeeded\"}") == "4996");
    CHECK(from.value("frond_task_duration_seconds_count{spec=\"block-part\"}") == "5000");
    CHECK(from.value("frond_task_durations_missed_total") == "0");
    CHECK(from.value("frond_events_dropped_total") == "0");
}
