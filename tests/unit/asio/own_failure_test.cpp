// Two tasks fail at the same moment: each event, and each error, has its own task's failure.
#include "catch.hpp"

#include "frond/frond.hpp"
#include "frond/run/run_blocking.hpp"

#include <barrier>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace own_failure {

std::barrier<>* both = nullptr;

int first() {
    both->arrive_and_wait();
    throw std::runtime_error("of first");
}
int second() {
    both->arrive_and_wait();
    throw std::runtime_error("of second");
}
int sum(frond::in<first> a, frond::in<second> b) { return *a + *b; }

frond::expand<std::vector<int>> number() { return frond::expand(std::vector<int>{0, 1}); }
int fails(frond::in<number> n) {
    both->arrive_and_wait();
    throw std::runtime_error("of expand-number." + std::to_string(*n) + ".block-number");
}
int all_numbers(frond::all<fails> of) { return static_cast<int>(of.size()); }

/// Counts the failures that it is told, of each kind of event, and notes those that are another's.
struct watch {
    int tasks = 0, returns = 0, nodes = 0, retries = 0;
    std::string wrong{};
    void after_task(frond::task_event const& event) { see(tasks, event.id.to_string(), event.failure); }
    void after_return(frond::task_event const& event) { see(returns, event.id.to_string(), event.failure); }
    void after_node(frond::node_event const& event) { see(nodes, event.task.to_string(), event.failure); }
    void on_retry(frond::retry_event const& event) { see(retries, event.task.to_string(), event.failure); }
    void see(int& count, std::string const& task, std::optional<frond::error> const& failure) {
        if (!failure) return;
        ++count;
        if (failure->message() != "of " + task) wrong += task + " is told of " + std::string(failure->message()) + "; ";
    }
};

template <class Plan>
void check(Plan const& plan, int attempts) {
    std::barrier<> meeting(2);
    both = &meeting;
    watch seen;
    frond::run_report report;
    auto const outcome = frond::run_blocking(plan, seen, report, frond::threads(2));
    CHECK(seen.wrong.empty());
    CHECK(seen.tasks == 2);
    CHECK(seen.returns == 2);
    CHECK(seen.nodes == 2 * attempts);
    CHECK(seen.retries == 2 * (attempts - 1));
    CHECK(report.tasks.failed == 2);
    REQUIRE_FALSE(outcome);
    REQUIRE(outcome.error().others().size() == 1);
    frond::error const& other = outcome.error().others()[0];
    for (frond::error const* each : {&outcome.error(), &other}) {
        CHECK(each->message() == "of " + std::string(each->task()));
    }
    CHECK(outcome.error().task() != other.task());
}

}  // namespace own_failure

using namespace own_failure;

TEST_CASE("of two nodes that fail at once, on threads made for blocking, each is told with its own failure") {
    check(frond::plan_for<sum>(frond::options().blocking<first>().blocking<second>()), 1);
    check(frond::plan_for<sum>(frond::options().blocking<first>().blocking<second>().retry<first>(2).retry<second>(2)),
          2);
}

TEST_CASE("of two children that fail at once each is told with its own failure") {
    check(frond::plan_for<all_numbers>(frond::options().blocking<fails>()), 1);
    check(frond::plan_for<all_numbers>(frond::options().blocking<fails>().retry<fails>(2)), 2);
}
