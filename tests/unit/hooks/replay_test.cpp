// What is counted again from a log equals what the run itself has counted.
#include "../../catch.hpp"

#include "frond/hooks/replay.hpp"

#include "frond/asio.hpp"
#include "frond/hooks/event_log.hpp"
#include "frond/run/this_task.hpp"

#include "log_samples.hpp"
#include "patience.hpp"
#include "scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using frond::hooks::event_log;
using frond::hooks::event_log_options;
using frond::hooks::replay;

namespace log_samples {

/// Two children end, some wait until the run is cancelled, the others never start.
inline frond::async<int> waiting(frond::in<many> n) {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, *n < 2 ? 0s : 24h);
    co_await timer.async_wait(frond::use_async);
    co_return *n;
}
inline int waited(frond::all<waiting> of) { return sum_of(of); }

/// Goes well at its second attempt.
inline int stubborn(frond::in<many> n) {
    if (frond::this_task::attempt() == 1) throw std::runtime_error("again");
    return *n;
}
inline int stubborn_sum(frond::all<stubborn> of) { return sum_of(of); }

/// Says something of its five children that need not be so.
inline frond::expander<int> hopeful(frond::input<"said", unsigned> said) {
    co_yield frond::expect(*said);
    for (int i = 0; i < 5; ++i) co_yield i;
}
inline int hoped(frond::in<hopeful> n) { return *n; }
inline int hopes(frond::all<hoped> of) { return sum_of(of); }

}  // namespace log_samples

namespace {

/// What is read of a run by the time that all but its end is logged.
template <class Plan, class... A>
frond::progress read_before_end(Plan const& plan, A const&... arguments) {
    std::ostringstream out;
    event_log log(out);
    REQUIRE(frond::run_blocking(plan, arguments..., log, frond::threads(1)));
    std::istringstream lines(out.str());
    replay read;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("\"after_run\"") == std::string::npos) read.add(line);
    }
    return read.runs().at(0).counted;
}

/// The run's own last counters, as a second hook is told them.
struct last_counters {
    void after_run(frond::run_event const& event) { last = event.progress; }
    std::optional<frond::progress> last;
};

void check_same(frond::progress const& read, frond::progress const& last) {
    CHECK(read.run_id == last.run_id);
    CHECK(read.ended == last.ended);
    CHECK(read.retries == last.retries);
    REQUIRE(read.specs.size() == last.specs.size());
    for (std::size_t i = 0; i < last.specs.size(); ++i) {
        CAPTURE(last.specs[i].name);
        CHECK(read.specs[i].name == last.specs[i].name);
        CHECK(read.specs[i].purpose == last.specs[i].purpose);
        CHECK(read.specs[i].expansion == last.specs[i].expansion);
        CHECK(read.specs[i].tasks.yielded == last.specs[i].tasks.yielded);
        CHECK(read.specs[i].tasks.succeeded == last.specs[i].tasks.succeeded);
        CHECK(read.specs[i].tasks.failed == last.specs[i].tasks.failed);
        CHECK(read.specs[i].tasks.cancelled == last.specs[i].tasks.cancelled);
        CHECK(read.specs[i].tasks.skipped == last.specs[i].tasks.skipped);
        CHECK(read.specs[i].tasks == last.specs[i].tasks);
    }
    REQUIRE(read.expansions.size() == last.expansions.size());
    for (std::size_t i = 0; i < last.expansions.size(); ++i) {
        CAPTURE(last.expansions[i].name);
        CHECK(read.expansions[i].name == last.expansions[i].name);
        CHECK(read.expansions[i].parent == last.expansions[i].parent);
        CHECK(read.expansions[i].depth == last.expansions[i].depth);
        CHECK(read.expansions[i].total == last.expansions[i].total);
        CHECK(read.expansions[i].children.yielded == last.expansions[i].children.yielded);
        CHECK(read.expansions[i].children.succeeded == last.expansions[i].children.succeeded);
        CHECK(read.expansions[i].children.failed == last.expansions[i].children.failed);
        CHECK(read.expansions[i].children.cancelled == last.expansions[i].children.cancelled);
        CHECK(read.expansions[i].children.skipped == last.expansions[i].children.skipped);
        CHECK(read.expansions[i].children == last.expansions[i].children);
    }
}

void check_log(std::string const& text, frond::progress const& last) {
    std::istringstream lines(text);
    replay log;
    log.add_all(lines);
    CHECK(log.lines_left_out() == 0);
    CHECK(log.lines_lost() == 0);
    REQUIRE(log.runs().size() == 1);
    auto const run = log.runs().front();
    CHECK(run.events_dropped == 0);
    check_same(run.counted, last);
    REQUIRE(run.told);
    check_same(*run.told, last);
    CHECK(run.told->failures_total == last.failures_total);
}

/// Runs it a few times on one thread and on several, and gives the counters of the last run.
template <class Plan, class... A>
frond::progress check_replay(Plan const& plan, A const&... arguments) {
    last_counters seen;
    for (unsigned const threads : {1U, 4U}) {
        for (int i = 0; i < 20; ++i) {
            std::ostringstream out;
            event_log log(out);
            static_cast<void>(frond::run_blocking(plan, arguments..., log, seen, frond::threads(threads)));
            REQUIRE(seen.last);
            check_log(out.str(), *seen.last);
        }
    }
    return *seen.last;
}

using log_samples::both;
using log_samples::forgiving;
using log_samples::just_yields;
using log_samples::nested;
using log_samples::quick;
using log_samples::steps;
using log_samples::survivors;
using log_samples::waited;

}  // namespace

TEST_CASE("a nested run of 5 x (0, 1, 2, 3, 4) is read back") {
    auto const last = check_replay(patient_plan<nested>());
    CHECK(last.expansions.at(1).children.succeeded == 10);
}

TEST_CASE("expansions of 3 and of 7 children at once are read back") {
    auto const last = check_replay(patient_plan<both>());
    CHECK(last.expansions.at(0).children.succeeded + last.expansions.at(1).children.succeeded == 10);
}

TEST_CASE("a run of which no total is known is read back") {
    CHECK(check_replay(patient_plan<steps>(), frond::arg<"count">(30)).expansions.at(0).total == 30);
}

TEST_CASE("a run that fails in the middle is read back, whatever its grouping") {
    for (auto const how : {frond::grouping::by_block, frond::grouping::each_node, frond::grouping::by_level}) {
        auto const last =
            check_replay(frond::plan_for<steps>(patient_options().grouping(how)), frond::arg<"count">(1000));
        CHECK(last.expansions.at(0).children.failed == 1);
    }
    auto const one_thread = frond::plan_for<steps>(patient_options().grouping(frond::grouping::each_node));
    std::ostringstream out;
    event_log log(out);
    CHECK_FALSE(frond::run_blocking(one_thread, frond::arg<"count">(1000), log, frond::threads(1)));
    std::istringstream lines(out.str());
    replay read;
    read.add_all(lines);
    auto const counted = read.runs().at(0).counted;
    auto const tasks = [&](std::string const& node) {
        return std::find_if(counted.specs.begin(), counted.specs.end(),
                            [&](auto const& each) { return each.name.find(node) != std::string::npos; })
            ->tasks;
    };
    CHECK(tasks("first").succeeded == 41);
    CHECK(tasks("second").succeeded == 40);
    CHECK(tasks("second").failed == 1);
    CHECK(tasks("third").succeeded == 40);
    CHECK(tasks("third").skipped == tasks("third").yielded - 40);
}

TEST_CASE("a child that failed because of its own children is read back as failed") {
    auto const last = check_replay(patient_plan<forgiving>());
    CHECK(last.expansions.at(0).children.failed == 1);
    CHECK(last.expansions.at(0).children.succeeded == 4);
    CHECK(last.expansions.at(1).children.failed == 1);
}

TEST_CASE("failures that are values are read back") {
    for (auto const how : {frond::grouping::by_block, frond::grouping::each_node}) {
        auto const last =
            check_replay(frond::plan_for<survivors>(patient_options().grouping(how)), frond::arg<"count">(99));
        CHECK(last.expansions.at(0).children.failed == 33);
        CHECK(last.expansions.at(0).children.succeeded == 66);
    }
}

TEST_CASE("children that nobody wanted any more are read back as skipped") {
    auto const last = check_replay(patient_plan<quick>(), frond::arg<"count">(39));
    CHECK(last.expansions.at(0).children.failed == 0);
}

TEST_CASE("children without tasks are read back") {
    CHECK(check_replay(patient_plan<just_yields>(), frond::arg<"count">(20)).expansions.at(0).children.succeeded == 20);
    CHECK(check_replay(patient_plan<just_yields>(), frond::arg<"count">(0)).expansions.at(0).total == 0);
}

TEST_CASE("a cancelled run is read back, whatever its grouping and limits") {
    for (auto const& options :
         {patient_options(), patient_options().limit(5), patient_options().limit<log_samples::many>(4),
          patient_options().limit(2).grouping(frond::grouping::each_node)}) {
        auto const plan = frond::plan_for<waited>(options);
        std::ostringstream out;
        event_log log(out);
        last_counters seen;
        frond::net::io_context context;
        frond::net::cancellation_signal signal;
        bool cancelled = false;
        plan.async_run(
            frond::arg<"count">(12), log, seen,
            frond::net::bind_cancellation_slot(signal.slot(), frond::net::bind_executor(context, [&](auto outcome) {
                                                   cancelled = !outcome && outcome.error().is_canceled();
                                               })));
        context.poll();
        signal.emit(frond::net::cancellation_type::terminal);
        context.run();
        CHECK(cancelled);
        REQUIRE(seen.last);
        CHECK(seen.last->expansions.at(0).children.cancelled > 0);
        check_log(out.str(), *seen.last);
    }
}

TEST_CASE("a rotated log is read back from all its files, the oldest first") {
    scratch_folder folder;
    last_counters seen;
    event_log log(folder / "log", event_log_options().rotate_at(4000).keep(1000));
    REQUIRE(run_patiently<nested>(log, seen));
    replay read;
    std::size_t const files = folder.files();
    CHECK(files > 2);
    for (std::size_t i = files; i-- > 0;) {
        std::ifstream lines(folder / (i == 0 ? "log" : "log." + std::to_string(i)));
        read.add_all(lines);
    }
    CHECK(read.lines_left_out() == 0);
    check_same(read.runs().at(0).counted, *seen.last);
}

TEST_CASE("several runs in one log are told apart, also those of several processes") {
    std::ostringstream out;
    last_counters seen;
    {
        event_log log(out);
        REQUIRE(run_patiently<nested>(log));
        REQUIRE(run_patiently<both>(log, seen));
    }
    std::string const one = out.str();
    std::istringstream lines(one + one);  // as another process would number them
    replay read;
    read.add_all(lines);
    auto const runs = read.runs();
    REQUIRE(runs.size() == 4);
    CHECK(runs[0].counted.run_id == runs[2].counted.run_id);
    check_same(runs[1].counted, *seen.last);
    check_same(runs[3].counted, *seen.last);
}

TEST_CASE("a log that ends early says how far the run was") {
    std::ostringstream out;
    event_log log(out);
    REQUIRE(run_patiently<nested>(log, frond::threads(1)));
    std::istringstream lines(out.str());
    replay read;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("\"after_run\"") == std::string::npos) read.add(line);
        auto const run = read.runs().at(0);
        CHECK_FALSE(run.told);
        CHECK_FALSE(run.counted.ended);
        for (auto const& spec : run.counted.specs) CHECK(spec.tasks.running + spec.tasks.ended() <= spec.tasks.yielded);
    }
    auto const counted = read.runs().at(0).counted;
    CHECK(counted.expansions.at(0).total == 5);
    CHECK(counted.expansions.at(0).children.succeeded == 5);
    CHECK(counted.expansions.at(1).children.succeeded == 10);
    CHECK(counted.taken > counted.started);
}

TEST_CASE("retries are read back") {
    auto const plan = frond::plan_for<log_samples::stubborn_sum>(patient_options().retry<log_samples::stubborn>(2));
    auto const last = check_replay(plan, frond::arg<"count">(30));
    CHECK(last.retries == 30);
    CHECK(last.retries == last.expansions.at(0).children.succeeded);
    CHECK(read_before_end(plan, frond::arg<"count">(30)).retries == last.retries);
}

TEST_CASE("what an expander has said of its children is read back, and the true number once it has ended") {
    auto const plan = patient_plan<log_samples::hopes>();
    for (unsigned const said : {0U, 3U, 5U, 9U}) {
        CAPTURE(said);
        CHECK(read_before_end(plan, frond::arg<"said">(said)).expansions.at(0).total == 5);
        CHECK(check_replay(plan, frond::arg<"said">(said)).expansions.at(0).total == 5);
    }
}

TEST_CASE("where events were dropped, what after_run tells is exact") {
    std::ostringstream out;
    last_counters seen;
    event_log log(out);
    REQUIRE(run_patiently<nested>(log, seen));
    std::istringstream lines(out.str());
    replay read;
    std::uint64_t number = 0;
    for (std::string line; std::getline(lines, line); ++number) {
        bool const of_tasks = line.find("_task\"") != std::string::npos || line.find("on_yield") != std::string::npos;
        if (of_tasks && number % 3 == 0) continue;
        read.add(line);
    }
    check_same(*read.runs().at(0).told, *seen.last);
    CHECK_FALSE(read.runs().at(0).counted.specs.at(4).tasks == seen.last->specs.at(4).tasks);

    auto const run = std::to_string(seen.last->run_id);
    CHECK(read.add(R"({"event":"gap","run":)" + run + R"(,"time":1,"events_dropped":5})"));
    CHECK(read.add(R"({"event":"gap","lines_lost":3})"));
    CHECK(read.runs().at(0).events_dropped == 5);
    CHECK(read.lines_lost() == 3);
}

TEST_CASE("what is no line of a log is left out, and does no harm") {
    std::ostringstream out;
    event_log log(out);
    REQUIRE(run_patiently<nested>(log, frond::threads(1)));
    std::string const run = out.str().substr(0, out.str().find('\n'));
    std::string const number = std::to_string(nlohmann::json::parse(run).at("run").get<int>());
    std::istringstream lines(out.str());
    replay read;
    std::uint64_t left_out = 0;
    auto const refuse = [&](std::string const& line) {
        CAPTURE(line);
        CHECK_FALSE(read.add(line));
        CHECK(read.lines_left_out() == ++left_out);
    };
    refuse(R"({"event":"before_task","run":)" + number + R"(,"time":1,"task":"a","spec":0,"thread":0})");
    for (std::string line; std::getline(lines, line);) {
        CHECK(read.add(line));
        // Every line of it, torn at every place.
        if (line.size() < 300) {
            for (std::size_t size = 0; size < line.size(); size += 7) refuse(line.substr(0, size));
        }
    }
    auto const begin = R"({"run":)" + number + R"(,"time":1,"event":)";
    for (
        char const* const rest : {
            R"("nothing"})",
            R"("before_task","spec":99,"child":[]})",
            R"("before_task","spec":-1})",
            R"("before_task","spec":18446744073709551615})",
            R"("before_task","spec":0,"child":[1]})",
            R"("before_task","spec":2,"child":[1,2,3]})",
            R"("before_task","spec":2,"child":["1"]})",
            R"("after_task","spec":0,"state":"running"})",
            R"("after_task","spec":0})",
            R"("on_yield","spec":1})",
            R"("after_grouping","specs":[],"scopes":[]})",
            R"("after_grouping","specs":[],"scopes":[{},{"expander":"a","parent":1,"spec":0}]})",
            R"("after_grouping","specs":[],"scopes":[{},{"expander":"a","parent":0,"spec":0,"failures_are_values":true}]})",
            R"(1})",
        }) {
        refuse(begin + rest);
    }
    for (char const* const line : {"", "null", "[]", "{}", "\xff", R"({"event":"before_run"})", R"({"event":"gap"})"}) {
        refuse(line);
    }
    refuse(std::string(100'000, '['));
    CHECK(read.runs().at(0).counted.expansions.at(1).children.succeeded == 10);
}
