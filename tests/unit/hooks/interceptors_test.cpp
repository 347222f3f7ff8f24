// Ready-made interceptors, in real runs.
#include "../../catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/hooks/rate_limit.hpp"
#include "frond/hooks/substitute.hpp"
#include "frond/hooks/tracer.hpp"

#include "patience.hpp"

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace intercepted {

using namespace std::chrono_literals;

frond::expand<std::vector<int>> number() { return frond::expand(std::vector<int>{0, 1, 2, 3, 4, 5}); }
int checked(frond::in<number> n) {
    if (*n % 2 == 1) throw std::runtime_error("odd");
    return *n;
}
int sum(frond::all<checked> of) {
    int made = 0;
    for (int const each : of) made += each;
    return made;
}

struct counting_nodes {
    frond::async<void> around_node(frond::node_call& call) {
        ++nodes;
        return call.next();
    }
    int nodes = 0;
};

int counted(frond::input<"count", int> count) { return *count; }

/// Waits until its run is cancelled.
frond::async<int> waiting() {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, 24h);
    co_await timer.async_wait(frond::use_async);
    co_return 1;
}

std::atomic<frond::hooks::tracer<std::string>*> tracing{nullptr};

std::string traced(frond::in<number>) {
    std::string const* const here = tracing.load()->current();
    return here != nullptr ? *here : "nothing";
}
std::vector<std::string> all_traced(frond::all<traced> of) { return {of.begin(), of.end()}; }

frond::async<void> rest() {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, 0ms);
    co_await timer.async_wait(frond::use_async);
}
frond::expander<std::string> traced_expander() {
    for (int i = 0; i < 2; ++i) {
        std::string const* const context = tracing.load()->current();
        std::string const here = context != nullptr ? *context : "nothing";
        co_yield here;
        co_await rest();
    }
}
std::vector<std::string> traced_children(frond::all<traced_expander> of) { return {of.begin(), of.end()}; }

frond::expander<int> second_beginning() {
    if (frond::this_task::attempt() == 1) throw std::runtime_error("not yet");
    for (int i = 0; i < 3; ++i) co_yield i;
}
int late_children(frond::all<second_beginning> of) { return static_cast<int>(of.size()); }

}  // namespace intercepted

using namespace intercepted;

TEST_CASE("a value stands in for each failure of a node, and is counted") {
    frond::hooks::substitute<int> with("checked", 100);
    auto const outcome = run_patiently<sum>(with, frond::threads(2));
    REQUIRE(outcome);
    CHECK(outcome.value() == 0 + 2 + 4 + 3 * 100);
    CHECK(with.count() == 3);
}

TEST_CASE("a substitute waits until no further attempt follows") {
    frond::hooks::substitute<int> with("checked", 100);
    frond::run_report report;
    auto const plan = frond::plan_for<sum>(patient_options().retry<checked>(3));
    auto const outcome = frond::run_blocking(plan, with, report, frond::threads(1));
    REQUIRE(outcome);
    CHECK(with.count() == 3);
    CHECK(report.retries == 6);
}

TEST_CASE("a substitute of another type says so") {
    frond::hooks::substitute<std::string> with("checked", "a text");
    auto const outcome = run_patiently<sum>(with, frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code() == frond::errc::invalid_arguments);
    CHECK(outcome.error().message().find("a substitute: the value of checked is int, and ") == 0);
}

TEST_CASE("a run is refused that is given a substitute for what no value stands in for") {
    frond::hooks::substitute<int> misspelt("chekced", 1);
    frond::hooks::substitute<int> expander("number", 1);
    frond::hooks::substitute<int> qualified("intercepted::checked", 1);
    auto const outcome = run_patiently<sum>(misspelt, expander, qualified, frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() ==
          "a substitute: no node is called \"chekced\"; did you mean \"checked\"?\n"
          "a substitute: \"number\" is an expander, which has children and no value; name a node inside its expansion\n"
          "a substitute: no node is called \"intercepted::checked\"; say \"checked\"");
    CHECK(misspelt.count() == 0);
}

TEST_CASE("a run is refused that is given a rate limit of what no node is called") {
    frond::hooks::rate_limit slowly(1000);
    slowly.only("checked").only("another").only("count");
    auto const outcome = run_patiently<counted>(frond::arg<"count">(1), slowly, frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() ==
          "a rate_limit: no node is called \"checked\"; name one of counted\n"
          "a rate_limit: no node is called \"another\"; name one of counted\n"
          "a rate_limit: \"count\" is an input, which no interceptor wraps; name one of counted");
}

TEST_CASE("a substitute does not step in for a node that was cancelled") {
    frond::hooks::substitute<int> with("waiting", 100);
    frond::net::io_context context;
    frond::net::cancellation_signal signal;
    bool over = false;
    auto const plan = patient_plan<waiting>();
    plan.async_run(with, frond::net::bind_cancellation_slot(
                             signal.slot(), frond::net::bind_executor(context, [&](frond::result<int> const& outcome) {
                                 over = true;
                                 CHECK_FALSE(outcome);
                                 CHECK((outcome || outcome.error().is_canceled()));
                             })));
    context.poll();
    CHECK_FALSE(over);
    signal.emit(frond::net::cancellation_type::terminal);
    context.restart();
    context.run();
    CHECK(over);
    CHECK(with.count() == 0);
}

TEST_CASE("nodes begin no faster than their rate") {
    frond::hooks::rate_limit slowly(1000);
    slowly.only("checked");
    frond::hooks::substitute<int> with("checked", 0);
    frond::run_report report;
    REQUIRE(run_patiently<sum>(with, slowly, report, frond::threads(2)));
    CHECK(report.took >= 5ms);  // six nodes, the first at once
}

TEST_CASE("what has not been used is saved up to the burst, and nodes of other names are left alone") {
    frond::hooks::rate_limit never(1e-9, 6);
    never.only("checked");
    frond::hooks::substitute<int> with("checked", 0);
    CHECK(run_patiently<sum>(with, never, frond::threads(1)));
    frond::hooks::rate_limit other(1e-9);
    other.only("sum");
    CHECK(run_patiently<sum>(with, other, frond::threads(1)));
}

TEST_CASE("what has not been used is not saved up beyond the burst") {
    frond::hooks::rate_limit slowly(1000);
    slowly.only("checked");
    frond::hooks::substitute<int> with("checked", 0);
    REQUIRE(run_patiently<sum>(with, slowly, frond::threads(1)));
    auto const later = std::chrono::steady_clock::now() + 20ms;
    while (std::chrono::steady_clock::now() < later) std::this_thread::yield();
    frond::run_report report;
    REQUIRE(run_patiently<sum>(with, slowly, report, frond::threads(1)));
    CHECK(report.took >= 5ms);
}

TEST_CASE("a rate that is none is refused") {
    for (double const rate : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
        CHECK_THROWS_AS(frond::hooks::rate_limit(rate), std::invalid_argument);
    }
}

TEST_CASE("turns that are further away than time goes are at the end of time, one as the other") {
    frond::hooks::rate_limit never(1e-300);
    never.only("checked");
    counting_nodes begun;
    frond::net::io_context context;
    frond::net::cancellation_signal signal;
    bool over = false;
    auto const plan = patient_plan<sum>();
    plan.async_run(
        never, begun,
        frond::net::bind_cancellation_slot(
            signal.slot(), frond::net::bind_executor(context, [&](frond::result<int> const&) { over = true; })));
    context.poll();  // the first "checked" has a token, the other five wait for a hundred years each
    CHECK_FALSE(over);
    CHECK(begun.nodes == 2);  // the expander, and that one
    signal.emit(frond::net::cancellation_type::terminal);
    context.restart();
    context.run();
    CHECK(over);
}

TEST_CASE("each body finds the context of its own node, and none when it is not traced") {
    std::atomic<int> open{0};
    std::atomic<int> ended{0};
    frond::hooks::tracer<std::string> of(
        [&](frond::node_event const& event) {
            ++open;
            return event.task.to_string();
        },
        [&](std::string&, frond::error const* failure) { ended += failure == nullptr ? 1 : 100; });
    frond::hooks::tracer<std::string> another([](frond::node_event const&) { return std::string("another"); },
                                              [](std::string&, frond::error const*) {});
    tracing = &of;
    auto const outcome = run_patiently<all_traced>(of, another, frond::threads(2));
    REQUIRE(outcome);
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK(outcome.value().at(i) == "expand-number." + std::to_string(i) + ".block-number");
    }
    CHECK(open == 8);  // the expander, its children, and what collects them
    CHECK(ended == 8);
    auto const untraced = run_patiently<all_traced>(frond::threads(1));
    REQUIRE(untraced);
    CHECK(untraced.value().front() == "nothing");
}

TEST_CASE("the context of a tracer is found wherever the code of an expander runs") {
    frond::hooks::tracer<std::string> tracer([](frond::node_event const& event) { return "in " + event.name(); },
                                             [](std::string&, frond::error const*) {});
    tracing = &tracer;
    auto const seen = run_patiently<traced_children>(tracer, frond::threads(1));
    REQUIRE(seen);
    CHECK(seen.value() == std::vector<std::string>(2, "in traced_expander"));
}

TEST_CASE("a rate limit holds for each attempt at an expander") {
    frond::hooks::rate_limit limit(100);
    limit.only("second_beginning");
    frond::run_report report;
    auto const plan = frond::plan_for<late_children>(patient_options().retry<second_beginning>(2));
    auto const outcome = frond::run_blocking(plan, limit, report, frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 3);
    CHECK(report.retries == 1);
    CHECK(report.took >= 10ms);
}
