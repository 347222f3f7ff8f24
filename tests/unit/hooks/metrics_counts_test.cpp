// The counters and gauges of a run at each of its pauses, against those that follow from the graph.
#include "../../catch.hpp"

#include "frond/hooks/metrics.hpp"

#include "counted_runs.hpp"
#include "scraped.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace {

class measured_run {
public:
    explicit measured_run(std::shared_ptr<frond::plan const> const& plan) : run_(plan, hook_, durations_) {}

    void expect(expected_progress const& expected) {
        run_.settle();
        INFO("where the run is at " << expected.row);
        for (auto const& [name, each] : expected.specs) {
            CHECK(value("frond_tasks_total{spec=\"" + name + "\",state=\"succeeded\"}") == each.succeeded);
            CHECK(value("frond_tasks_total{spec=\"" + name + "\",state=\"failed\"}") == each.failed);
            CHECK(value("frond_tasks_running{spec=\"" + name + "\"}") == each.running);
            CHECK(value("frond_tasks_queued{spec=\"" + name + "\"}") == (run_.over() ? 0 : each.queued()));
            CHECK(value("frond_task_duration_seconds_count{spec=\"" + name + "\"}") == each.succeeded + each.failed);
        }
        for (auto const& [name, each] : expected.expansions) {
            CHECK(value("frond_children_running{expander=\"" + name + "\"}") == each.children.running);
            CHECK(value("frond_children_queued{expander=\"" + name + "\"}") == each.children.queued());
        }
        CHECK(value("frond_runs_running") == (run_.over() ? 0 : 1));
    }

    void ends() const { CHECK(value("frond_runs_total{outcome=\"succeeded\"}") == 1); }

private:
    /// 0 where there is no such series yet.
    std::uint64_t value(std::string const& series) const {
        auto const found = from_.value(series);
        return found.empty() ? 0 : std::stoull(found);
    }

    scraped from_;
    frond::hooks::metrics hook_{from_.registry};
    frond::hooks::duration_metrics durations_{from_.registry};
    stepped_run run_;
};

auto const measured = [](std::shared_ptr<frond::plan const> const& plan) { return measured_run(plan); };

}  // namespace

TEST_CASE("metrics of expansions of 3 and of 7 children at once are right at any time") {
    counted_runs::play_three_and_seven(measured);
}

TEST_CASE("metrics of expansions inside expansions are right at any time") { counted_runs::play_nested(measured); }

TEST_CASE("metrics of an expansion of unknown length are right at any time") {
    counted_runs::play_unknown_length(measured);
}
