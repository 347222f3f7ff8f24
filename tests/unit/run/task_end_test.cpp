// What hooks are told of a task's end where several tasks of a run fail at about the same time.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using frond::async;
using frond::in;
using ended_by = std::map<std::string, std::string>;  // a task's id, and why it failed

namespace task_end {

async<int> early() {
    auto const here = co_await frond::this_executor;
    co_await frond::net::post(here, frond::use_async);
    throw std::runtime_error("early");
}
/// Begins beside `early`, is interrupted by its failure, and fails for a reason of its own.
async<int> late() {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, std::chrono::hours(24));
    try {
        co_await timer.async_wait(frond::use_async);
    } catch (std::exception const&) {
        throw std::runtime_error("late");
    }
    co_return 1;
}
int sum(in<early> a, in<late> b) { return *a + *b; }

struct failures_told {
    void after_task(frond::task_event const& event) { note(after_tasks, event); }
    void after_return(frond::task_event const& event) { note(after_returns, event); }

    static void note(ended_by& told, frond::task_event const& event) {
        if (event.failure) told[event.id.to_string()] = event.failure->to_string();
    }
    ended_by after_tasks;
    ended_by after_returns;
};

struct wraps_tasks {
    async<void> around_task(frond::task_call& call) {
        auto inner = call.next();
        co_await inner;
    }
};

/// Runs the two on an executor on which both have failed before the run's own goes on.
template <class... Hooks>
void check_told(Hooks&... hooks) {
    frond::net::io_context context;
    frond::net::io_context other;
    auto const there = frond::share_executor(other.get_executor(), 1);
    auto const plan =
        frond::plan_for<sum>(frond::options().on<early>(there).on<late>(there).grouping(frond::grouping::each_node));
    std::optional<frond::error> failure;
    failures_told told;
    plan.async_run(told, hooks..., frond::net::bind_executor(context, [&](frond::result<int> outcome) {
                       failure = std::move(outcome).error();
                   }));
    while (!failure) {
        context.restart();
        context.poll();
        other.restart();
        other.poll();
    }
    ended_by const expected{{"early", "early (in node early, task early)"}, {"late", "late (in node late, task late)"}};
    CHECK(told.after_tasks == expected);
    CHECK(told.after_returns == expected);
    CHECK(failure->message() == "early");
}

}  // namespace task_end

TEST_CASE("a task's end is told with the failure of that task, though another one has failed before it is told") {
    task_end::check_told();
}

TEST_CASE("a wrapped task's end is told with the failure of that task, though another one has failed before") {
    task_end::wraps_tasks wraps;
    task_end::check_told(wraps);
}
