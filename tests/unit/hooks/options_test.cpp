// What the options of ready-made hooks do not take: each says so where it is given.
#include "../../catch.hpp"

#include "frond/hooks/broadcast.hpp"
#include "frond/hooks/event_log.hpp"
#include "frond/hooks/rate_limit.hpp"
#include "frond/hooks/resources.hpp"
#include "frond/hooks/terminal.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/hooks/trace.hpp"
#include "frond/hooks/tracer.hpp"

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace frond::hooks;
using namespace std::chrono_literals;
using std::chrono::hours;

namespace {

/// The message with which it is refused; empty if it is not.
template <class Give>
std::string refusal(Give give) {
    try {
        static_cast<void>(give());
        return {};
    } catch (std::invalid_argument const& refused) {
        return refused.what();
    }
}

constexpr std::chrono::duration<double> no_number(std::numeric_limits<double>::quiet_NaN());

}  // namespace

TEST_CASE("an interval is longer than zero, and may be for ever") {
    for (frond::time_span const wrong : std::vector<frond::time_span>{0s, -1ms, hours::min(), no_number}) {
        CHECK_THROWS_AS(broadcast_options().interval(wrong), std::invalid_argument);
        CHECK_THROWS_AS(resources_options().interval(wrong), std::invalid_argument);
    }
    CHECK(refusal([] { return broadcast_options().interval(-5ms); }) ==
          "frond::hooks::broadcast_options: interval(-5 ms): say a time that is longer than zero");
    CHECK(refusal([] { return resources_options().interval(0s); }) ==
          "frond::hooks::resources_options: interval(0 s): say a time that is longer than zero");
    CHECK(broadcast_options().interval(hours::max()).interval() == frond::duration::max());
    CHECK(resources_options().interval(std::chrono::duration<double>(0.5)).interval() == 500ms);
}

TEST_CASE("numbers outside what an option takes are refused with what it takes") {
    CHECK(refusal([] { return broadcast_options().ended_runs(0); }) ==
          "frond::hooks::broadcast_options: ended_runs(0): say 1 to 1000000");
    CHECK(refusal([] { return event_log_options().keep(static_cast<unsigned>(-1)); }) ==
          "frond::hooks::event_log_options: keep(4294967295): say 0 to 10000");
    CHECK(refusal([] { return trace_options().max_events(0); }).find("trace_options: max_events(0)") !=
          std::string::npos);
    CHECK(refusal([] { return resources_options().points(1); }) ==
          "frond::hooks::resources_options: points(1): say 2 to 1000000");
    CHECK_THROWS_AS(resources_options().points(static_cast<std::size_t>(-1)), std::invalid_argument);
    CHECK_THROWS_AS(timing_options().keep_runs(0), std::invalid_argument);
    CHECK_THROWS_AS(timing_options().slowest(static_cast<std::size_t>(-1)), std::invalid_argument);
    CHECK(refusal([] { return terminal_options().output(-1); }) ==
          "frond::hooks::terminal_options: output(-1): say the descriptor of an open file");
    CHECK(refusal([] { return rate_limit(10, 0).only("any"), 0; }).find("rate_limit: burst(0)") != std::string::npos);
    CHECK(refusal([] { return rate_limit(-1).only("any"), 0; }).find("rate_limit(-1.0") != std::string::npos);
}

TEST_CASE("the numbers at the ends of what an option takes are taken") {
    CHECK(broadcast_options().ended_runs(1).ended_runs() == 1);
    CHECK(event_log_options().keep(0).keep() == 0);
    CHECK(event_log_options().keep(10'000).keep() == 10'000);
    CHECK(event_log_options().write_after(0s).write_after() == 0s);
    CHECK(resources_options().points(2).points() == 2);
    CHECK(timing_options().keep_runs(1).slowest(0).keep_runs() == 1);
    CHECK(trace_options().max_events(1).max_events() == 1);
    CHECK(terminal_options().output(0).output() == 0);
}

TEST_CASE("a time that a line may wait is not negative") {
    CHECK(refusal([] { return event_log_options().write_after(-1s); }) ==
          "frond::hooks::event_log_options: write_after(-1 s): say 0 s or longer");
}

TEST_CASE("a hook that is told of tasks is not sampled") {
    CHECK(refusal([] { return event_log_options().policy(frond::latest(1s)); }) ==
          "frond::hooks::event_log_options: policy(latest(1 s)): a hook that is sampled is told of no task; say "
          "every(bound) or lossless(bound)");
    CHECK_THROWS_AS(trace_options().policy(frond::latest(1s)), std::invalid_argument);
    CHECK_THROWS_AS(trace_options().policy(frond::lossless(10, -1s)), std::invalid_argument);
    CHECK(trace_options().policy(frond::lossless(10, hours::max())).policy().lossless());
}

TEST_CASE("a tracer needs both of its functions") {
    auto const begin = [](frond::node_event const&) { return 1; };
    auto const end = [](int&, frond::error const*) {};
    CHECK_THROWS_AS(tracer<int>(nullptr, end), std::invalid_argument);
    CHECK_THROWS_AS(tracer<int>(begin, nullptr), std::invalid_argument);
    CHECK(tracer<int>(begin, end).current() == nullptr);
}
