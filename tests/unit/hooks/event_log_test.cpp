// What the log says, line by line, and that each kind of line keeps to the schema.
#include "../../catch.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/hooks/event_log.hpp"

#include "log_lines.hpp"
#include "log_samples.hpp"
#include "patience.hpp"
#include "scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using frond::hooks::event_log;
using frond::hooks::event_log_options;
using frond::hooks::event_log_with_nodes;
using log_lines::lines_of;
using log_lines::of_kind;
using log_lines::schema;
using nlohmann::json;

namespace {

/// Events that no run would give so soon, of a real plan.
struct by_hand {
    std::shared_ptr<frond::plan const> plan = patient_plan<log_samples::nested>().get();
    frond::time_point begin{3600s};

    std::size_t spec(std::string const& name) const {
        auto const found =
            std::find_if(plan->specs.begin(), plan->specs.end(), [&](auto const& each) { return each.name == name; });
        return static_cast<std::size_t>(found - plan->specs.begin());
    }
    frond::task_id expander() const { return id("expand-outer"); }
    frond::task_id id(std::string const& name) const {
        frond::task_id made;
        made.plan = plan;
        made.spec = spec(name);
        return made;
    }
    /// A leaf of the second inner child of an outer one with this key.
    frond::task_id leaf(std::string const& key, std::uint64_t outer = 3) const {
        frond::task_id made = id("block-inner");
        made.enclosing = std::make_shared<frond::child_path const>(
            frond::child_path{nullptr, outer, std::make_shared<std::string const>(key)});
        made.index = 1;
        made.key = std::make_shared<std::string const>(key);
        return made;
    }
    template <class Event>
    Event event(frond::duration after = 1ms) const {
        Event made;
        made.run_id = 7;
        made.time = begin + after;
        if constexpr (requires { made.plan; }) made.plan = plan;
        return made;
    }
    frond::task_event task(frond::task_id id) const {
        auto made = event<frond::task_event>();
        made.id = std::move(id);
        made.thread = std::this_thread::get_id();
        return made;
    }
};

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

std::string const hostile =
    "a\x1b[2J\r\n\",\"event\":\"after_run\"}\n{\x07\x7f\u202e<script>\u2028\xff\xc3(\xed\xa0\x80" +
    std::string(1, '\0') + "\\u0041].block";

}  // namespace

TEST_CASE("every event of a run leaves a line that keeps to the schema") {
    std::ostringstream out;
    event_log log(out);
    auto const sum = run_patiently<log_samples::nested>(log, frond::threads(2));
    REQUIRE(sum);
    auto const lines = lines_of(out.str());
    CHECK(lines.front().at("event") == "before_run");
    CHECK(lines.at(1).at("event") == "after_grouping");
    CHECK(lines.back().at("event") == "after_run");
    CHECK(lines.back().at("outcome") == "succeeded");
    CHECK(of_kind(lines, "on_yield").size() == 5 + 10);
    CHECK(of_kind(lines, "total_known").size() == 5);
    CHECK(of_kind(lines, "after_expansion").size() == 1 + 5);
    CHECK(of_kind(lines, "before_task").size() == 1 + 5 + 10 + 5 + 1);
    CHECK(of_kind(lines, "after_task").size() == 1 + 5 + 10 + 5 + 1);
    CHECK(of_kind(lines, "before_node").empty());
    std::set<json> const runs = [&] {
        std::set<json> made;
        for (auto const& line : lines) made.insert(line.at("run"));
        return made;
    }();
    CHECK(runs.size() == 1);
}

TEST_CASE("the grouping says of each spec what it is, where it is and what it waits for") {
    std::ostringstream out;
    event_log log(out);
    REQUIRE(run_patiently<log_samples::nested>(log));
    auto const lines = lines_of(out.str());
    auto const& specs = lines.at(1).at("specs");
    auto const& scopes = lines.at(1).at("scopes");
    auto const spec = [&](std::string const& id) {
        return *std::find_if(specs.begin(), specs.end(), [&](json const& each) { return each.at("id") == id; });
    };
    CHECK(spec("expand-outer").at("purpose") == "expand");
    CHECK(spec("block-inner").at("nodes") == json{"leaf"});
    CHECK(specs.at(spec("collect-nested").at("dependencies").at(0).at("spec").get<std::size_t>()) ==
          spec("expand-outer"));
    CHECK(scopes.at(spec("expand-outer").at("scope").get<std::size_t>()) == json{{"depth", 0}});
    json const inside = scopes.at(spec("block-inner").at("scope").get<std::size_t>());
    CHECK(inside.at("expander") == "inner");
    CHECK(inside.at("depth") == 2);
    CHECK(scopes.at(inside.at("parent").get<std::size_t>()).at("expander") == "outer");
}

TEST_CASE("a task's line says its id, its indices and its key, and when it began") {
    by_hand const from;
    std::ostringstream out;
    {
        event_log log(out);
        log.before_run(from.event<frond::run_event>(0ms));
        for (auto const& id : {from.leaf("x"), from.leaf("y", 4), from.leaf("x"), from.expander()}) {
            log.before_task(from.task(id));
            CHECK(out.str().empty());
        }
    }
    auto const lines = lines_of(out.str());
    CHECK(lines.at(0).at("steady") == 3'600'000'000'000);
    CHECK(lines.at(0).at("time") == 0);
    CHECK(lines.at(1).at("task") == from.leaf("x").to_string());
    CHECK(lines.at(1).at("child") == json{3, 1});
    CHECK(lines.at(1).at("key") == "x");
    CHECK(lines.at(1).at("time") == 1'000'000);
    CHECK(lines.at(2).at("task") == from.leaf("y", 4).to_string());
    CHECK(lines.at(2).at("child") == json{4, 1});
    CHECK(lines.at(3).at("task") == from.leaf("x").to_string());
    CHECK(lines.at(4).at("task") == "expand-outer");
    CHECK_FALSE(lines.at(4).contains("child"));
}

TEST_CASE("names, keys and errors can neither break a line nor forge one") {
    by_hand const from;
    std::ostringstream out;
    {
        event_log_with_nodes log(out);
        log.before_run(from.event<frond::run_event>(0ms));
        auto task = from.task(from.leaf(hostile));
        log.before_task(task);
        task.state = frond::task_state::failed;
        task.failure = frond::error(frond::errc::node_failed, hostile).at(hostile, hostile);
        log.after_task(task);
        auto yield = from.event<frond::yield_event>();
        yield.expander = from.expander();
        yield.key = std::make_shared<std::string const>(hostile);
        log.on_yield(yield);
        auto end = from.event<frond::run_event>();
        end.failure = task.failure->with_others({*task.failure}, 3);
        log.after_run(end);
    }
    auto const lines = lines_of(out.str());
    REQUIRE(lines.size() == 5);
    // What is no UTF-8 is replaced; all else comes back.
    std::string const read =
        json::parse(json(hostile).dump(-1, ' ', true, json::error_handler_t::replace)).get<std::string>();
    CHECK(lines.at(1).at("key") == read);
    CHECK(lines.at(2).at("failure").at("message") == read);
    CHECK(lines.at(2).at("failure").at("task") == read);
    CHECK(lines.at(3).at("index_key") == read);
    CHECK(lines.at(4).at("failure").at("others").at(0).at("node") == read);
    CHECK(lines.at(4).at("failure").at("others_dropped") == 3);
    CHECK(lines.at(1).at("task").get<std::string>().find(read) != std::string::npos);
}

TEST_CASE("a graph with names of any kind is logged whole") {
    frond::graph_builder made;
    made.input<int>(hostile + "in");
    made.add(hostile, [](frond::value<int> n) { return *n; }, {hostile + "in"});
    auto built = std::move(made).build();
    REQUIRE(built);
    frond::plan_options options;
    options.wanted = {hostile};
    auto const plan = frond::plan::make(std::move(built).value(), options);
    REQUIRE(plan);
    by_hand from;
    from.plan = plan.value();
    std::ostringstream out;
    {
        event_log log(out);
        log.before_run(from.event<frond::run_event>());
        log.after_grouping(from.event<frond::run_event>());
        frond::task_id only;
        only.plan = from.plan;
        log.before_task(from.task(only));
    }
    CHECK(lines_of(out.str()).size() == 3);
}

TEST_CASE("numbers of any size stay what they are") {
    by_hand const from;
    std::ostringstream out;
    {
        event_log log(out);
        auto yield = from.event<frond::yield_event>();
        yield.expander = from.expander();
        yield.index = largest;
        yield.total = (std::uint64_t{1} << 53U) + 1;
        log.on_yield(yield);
        auto none = from.event<frond::not_started_event>();
        none.expander = from.expander();
        none.first = 9'007'199'254'740'993;
        none.count = largest;
        log.on_not_started(none);
    }
    auto const lines = lines_of(out.str());
    CHECK(lines.at(0).at("index").get<std::uint64_t>() == largest);
    CHECK(lines.at(0).at("total").get<std::uint64_t>() == (std::uint64_t{1} << 53U) + 1);
    CHECK(lines.at(1).at("first").get<std::uint64_t>() == 9'007'199'254'740'993);
    CHECK(lines.at(1).at("count").get<std::uint64_t>() == largest);
}

TEST_CASE("progress and retries are logged, with what is no number as null") {
    by_hand const from;
    std::ostringstream out;
    {
        event_log log(out);
        auto progress = from.event<frond::progress_event>();
        progress.task = from.leaf("k");
        progress.done = 0.25;
        log.on_progress(progress);
        progress.done = std::nan("");
        progress.of = 8;
        log.on_progress(progress);
        auto retry = from.event<frond::retry_event>();
        retry.task = from.leaf("k");
        retry.node = from.plan->specs[retry.task.spec].steps.front().node;
        retry.failure = frond::error(frond::errc::node_failed, "again");
        retry.delay = 20ms;
        log.on_retry(retry);
        auto task = from.task(from.leaf("k"));
        task.attempt = 2;
        task.total = 4;
        task.state = frond::task_state::timed_out;
        log.after_task(task);
    }
    auto const lines = lines_of(out.str());
    CHECK(lines.at(0).at("done") == 0.25);
    CHECK_FALSE(lines.at(0).contains("of"));
    CHECK(lines.at(1).at("done").is_null());
    CHECK(lines.at(1).at("of") == 8);
    CHECK(lines.at(2).at("node") == "leaf");
    CHECK(lines.at(2).at("delay") == 20'000'000);
    CHECK(lines.at(3).at("attempt") == 2);
    CHECK(lines.at(3).at("state") == "timed_out");
}

TEST_CASE("events that the log was not told of leave a gap before the end") {
    by_hand const from;
    std::ostringstream out;
    event_log log(out);
    log.before_run(from.event<frond::run_event>(0ms));
    auto end = from.event<frond::run_event>();
    end.events_dropped = 12;
    log.after_run(end);
    auto const lines = lines_of(out.str());
    REQUIRE(lines.size() == 3);
    CHECK(lines.at(1).at("event") == "gap");
    CHECK(lines.at(1).at("events_dropped") == 12);
    CHECK(lines.at(2).at("events_dropped") == 12);
}

TEST_CASE("lines that could not be written leave a gap that keeps to the schema") {
    by_hand const from;
    std::ostringstream out;
    event_log log(out);
    out.setstate(std::ios::failbit);
    CHECK_THROWS_AS(log.after_run(from.event<frond::run_event>()), std::system_error);
    out.clear();
    log.after_run(from.event<frond::run_event>());
    auto const lines = lines_of(out.str());
    REQUIRE(lines.size() == 2);
    CHECK(lines.at(0).at("lines_lost") == 1);
}

TEST_CASE("who wants nodes gets two lines more for each") {
    std::ostringstream out;
    event_log_with_nodes log(out);
    REQUIRE(run_patiently<log_samples::steps>(frond::arg<"count">(10), log));
    auto const lines = lines_of(out.str());
    CHECK(of_kind(lines, "before_node").size() == of_kind(lines, "after_node").size());
    CHECK(of_kind(lines, "before_node").size() >= 30);
    CHECK(of_kind(lines, "after_node").front().at("node") == "first_step");
}

TEST_CASE("a run's lines are in the file when the run is over") {
    scratch_folder folder;
    event_log log(folder / "log.jsonl", event_log_options().rotate_at(2000).keep(100));
    REQUIRE(run_patiently<log_samples::nested>(log));
    auto const last = lines_of(text_of(folder / "log.jsonl"));
    std::size_t lines = last.size();
    REQUIRE(lines > 0);
    CHECK(last.back().at("event") == "after_run");
    for (std::size_t i = 1; i < folder.files(); ++i) {
        lines += lines_of(text_of(folder / ("log.jsonl." + std::to_string(i)))).size();
    }
    CHECK(lines == 3 + 15 + 5 + 6 + 22 + 22);
}

TEST_CASE("a log that is opened anew has its path again, and its lines are all there") {
    scratch_folder folder;
    event_log log(folder / "log");
    REQUIRE(run_patiently<log_samples::nested>(log));
    std::filesystem::rename(folder / "log", folder / "log.old");
    log.reopen();
    CHECK(text_of(folder / "log").empty());
    REQUIRE(run_patiently<log_samples::nested>(log));
    auto const before = lines_of(text_of(folder / "log.old"));
    auto const after = lines_of(text_of(folder / "log"));
    CHECK(before.back().at("event") == "after_run");
    CHECK(after.front().at("event") == "before_run");
    CHECK(before.size() == after.size());
}

TEST_CASE("several runs at once share a log, each with its own zero and its own lines") {
    std::ostringstream out;
    {
        event_log log(out);
        auto const plan = patient_plan<log_samples::nested>();
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int k = 0; k < 10; ++k) static_cast<void>(frond::run_blocking(plan, log, frond::threads(1)));
            });
        }
        for (auto& each : threads) each.join();
    }
    auto const lines = lines_of(out.str());
    CHECK(lines.size() == 40 * (3 + 15 + 5 + 6 + 22 + 22));
    std::set<std::uint64_t> runs;
    for (auto const& line : of_kind(lines, "before_run")) {
        CHECK(line.at("time") == 0);
        runs.insert(line.at("run").get<std::uint64_t>());
    }
    CHECK(runs.size() == 40);
}

TEST_CASE("a disk that is full does no harm to a run") {
    event_log log("/dev/full");
    CHECK(run_patiently<log_samples::nested>(log));
}

TEST_CASE("the schema refuses what is no line of a log") {
    json line = {{"event", "before_task"}, {"run", 1}, {"time", 2}, {"task", "a"}, {"spec", 0}, {"thread", 0}};
    CHECK(schema().allows(line));
    line["more"] = 1;
    CHECK_FALSE(schema().allows(line));
    line.erase("more");
    line["spec"] = -1;
    CHECK_FALSE(schema().allows(line));
    line["spec"] = "0";
    CHECK_FALSE(schema().allows(line));
    line.erase("spec");
    CHECK_FALSE(schema().allows(line));
    CHECK_FALSE(schema().allows(json{{"event", "nothing"}, {"run", 1}, {"time", 2}}));
}
