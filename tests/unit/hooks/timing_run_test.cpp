// The report of runs that take place.
#include "../../catch.hpp"

#include "frond/frond.hpp"
#include "frond/hooks/timing_report.hpp"

#include "patience.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

using namespace frond::hooks;

namespace timed {

frond::expander<int> file() {
    for (int i = 0; i < 40; ++i) co_yield frond::child("f" + std::to_string(i), i);
}
int parse(frond::in<file> f) { return *f; }
frond::expand<std::vector<int>> chunk(frond::in<parse> p) {
    return frond::expand(std::vector<int>(static_cast<std::size_t>(*p % 5), *p));
}
int digest(frond::in<chunk> c) { return *c + 1; }
int per_file(frond::all<digest> all) { return static_cast<int>(all.size()); }
frond::async<int> total(frond::each<per_file> all) {
    int sum = 0;
    while (auto next = co_await all.next()) sum += *next;
    co_return sum;
}
int refuse(frond::in<total> sum) {
    if (*sum > 0) throw std::runtime_error("no");
    return 0;
}

}  // namespace timed

TEST_CASE("every task of a run is timed, and the critical path leads from its beginning to its end") {
    timing_report report(timing_options().lossless());
    REQUIRE(run_patiently<timed::total>(report, frond::threads(2)).value() == 80);
    auto const told = report.timing();
    REQUIRE(told.ended);
    CHECK(told.events_dropped == 0);
    CHECK_FALSE(told.failure);
    for (auto const& spec : told.specs) {
        INFO(spec.name);
        CHECK(spec.tasks.count == (spec.depth == 0 ? 1 : spec.depth == 1 ? 40 : 80));
        CHECK(spec.running == 0);
        CHECK(spec.untimed == 0);
        CHECK(spec.tasks.most <= told.elapsed);
    }
    CHECK(told.path_is_whole);
    REQUIRE(told.critical_path.size() >= 3);
    CHECK(told.critical_path.front().task == "expand-file");
    CHECK(told.critical_path.back().task == "collect-total");
    frond::duration at{};
    for (auto const& each : told.critical_path) {
        CHECK(each.from == at + each.waited);
        CHECK(each.to >= each.from);
        at = each.to;
    }
    CHECK(at <= told.elapsed);
    CHECK(told.slowest.size() == 10);
    for (auto const& each : told.expansions) CHECK(each.none_open <= each.none_queued);
}

TEST_CASE("a run that fails is told with its failure, and the way that led there") {
    timing_report report(timing_options().lossless());
    REQUIRE_FALSE(run_patiently<timed::refuse>(report, frond::threads(2)));
    auto const told = report.timing();
    REQUIRE(told.failure);
    CHECK(told.failure->find("no") != std::string::npos);
    CHECK(told.critical_path.back().task == "refuse");
    CHECK(report.text().find(": failed after ") != std::string::npos);
}
