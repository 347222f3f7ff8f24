// A run that fails because a body's own operation was aborted has failed in all that hooks write of it.
#include "../../catch.hpp"

#include "frond/hooks/event_log.hpp"
#include "frond/hooks/substitute.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/hooks/trace.hpp"
#include "frond/run/run_blocking.hpp"

#include "patience.hpp"

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <system_error>

using nlohmann::json;

namespace aborted_run {

frond::expander<int> number() { co_yield 1; }
frond::async<int> aborted(frond::in<number>) {
    throw std::system_error(std::make_error_code(std::errc::operation_canceled), "my lock");
    co_return 1;
}
int total(frond::all<aborted> of) { return of[0]; }

}  // namespace aborted_run

using namespace aborted_run;

TEST_CASE("logs, traces and reports say of a run that fails by an aborted operation that it has failed, and why") {
    std::ostringstream logged, traced;
    frond::hooks::timing_report times;
    {
        frond::hooks::event_log_with_nodes log(logged);
        frond::hooks::node_trace spans(traced);
        CHECK_FALSE(run_patiently<total>(log, spans, times, frond::threads(1)));
    }
    std::istringstream lines(logged.str());
    int ends = 0;
    for (std::string line; std::getline(lines, line);) {
        json const told = json::parse(line);
        if (told.at("event") == "after_run") {
            ++ends;
            CHECK(told.at("outcome") == "failed");
        }
        if (told.contains("task") && told.at("task") == "expand-number.0.block-number" && told.contains("state")) {
            ++ends;
            CHECK(told.at("state") == "failed");
            CHECK(line.find("my lock: Operation canceled") != std::string::npos);
        }
    }
    CHECK(ends == 3);  // of the run, of the task and of its node
    int failed = 0;
    for (json const& each : json::parse(traced.str())) {
        if (!each.contains("args") || !each["args"].contains("state") || each["args"]["state"] == "succeeded") continue;
        bool const of_body = each["args"].contains("error");
        if (of_body) CHECK(each["args"]["state"] == "failed");
        failed += of_body ? 1 : 0;
    }
    CHECK(failed >= 2);
    auto const told = times.timing();
    CHECK_FALSE(told.cancelled);
    CHECK(told.failure.value().find("my lock: Operation canceled") == 0);
}

TEST_CASE("a substitute steps in for a node whose own operation was aborted") {
    frond::hooks::substitute<int> with("aborted", 100);
    auto const outcome = run_patiently<total>(with, frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 100);
    CHECK(with.count() == 1);
}
