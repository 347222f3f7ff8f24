// Runs with observers and interceptors of a user.
#include "graphs.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

namespace scarce {

using frond::arg;
using frond::async;
using namespace std::chrono_literals;

namespace {

struct counts_all {
    int tasks = 0;
    int nodes = 0;
    int runs = 0;
    std::size_t letters = 0;

    frond::observer_policy policy() const noexcept { return frond::every(); }
    void before_run(frond::run_event const&) { ++runs; }
    void on_yield(frond::yield_event const&) { ++tasks; }
    void on_progress(frond::progress_event const&) { ++tasks; }
    void after_task(frond::task_event const& event) { letters += event.id.to_string().size(); }
    void after_node(frond::node_event const&) { ++nodes; }
    async<void> after_run(frond::run_event const&) {
        ++runs;
        co_return;
    }
};

struct waits {
    int tasks = 0;
    frond::observer_policy asked = frond::every(8);

    frond::observer_policy policy() const noexcept { return asked; }
    async<void> before_task(frond::task_event const&) {
        auto const here = co_await frond::this_executor;
        frond::net::steady_timer timer(here, 20us);
        co_await timer.async_wait(frond::use_async);
        ++tasks;
    }
};

struct throws {
    void after_task(frond::task_event const&) { throw std::runtime_error("a hook, with a text that is long enough"); }
    async<void> after_run(frond::run_event const&) {
        throw 1;
        co_return;
    }
};

struct samples {
    int taken = 0;
    frond::observer_policy policy() const noexcept { return frond::latest(100us); }
    void on_sample(frond::progress const& now) { taken += now.specs.empty() ? 0 : 1; }
    void after_run(frond::run_event const&) { ++taken; }
};

struct never_ends {
    async<void> after_run(frond::run_event const&) {
        auto const here = co_await frond::this_executor;
        frond::net::steady_timer timer(here, 24h);
        co_await timer.async_wait(frond::use_async);
    }
};

struct around_nodes {
    async<void> around_node(frond::node_call& call) {
        co_await call.wait(20us);
        auto inner = call.next();
        co_await inner;
    }
};

struct around_tasks {
    async<void> around_task(frond::task_call& call) {
        auto inner = call.next();
        co_await inner;
    }
};

struct forgets_nodes {
    async<void> around_node(frond::node_call&) { co_return; }
};

struct forgets_tasks {
    async<void> around_task(frond::task_call&) { co_return; }
};

async<int> tells(frond::in<nodes::number> n) {
    int const value = *n;
    frond::this_task::progress(1, value);
    auto inner = nodes::twice(value);
    co_return co_await inner;
}
int sum_of_told(frond::all<tells> all) { return static_cast<int>(all.size()); }

}  // namespace

SCENARIO("an observer of every event") {
    counts_all hook;
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(10), hook), 110);
}

SCENARIO("an observer, children run straight") {
    counts_all hook;
    return judge(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(10), hook), 55);
}

SCENARIO("an observer that waits and drops") {
    waits hook;
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(20), hook), 420);
}

SCENARIO("a lossless observer that waits") {
    waits hook;
    hook.asked = frond::lossless(4);
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(20), hook), 420);
}

SCENARIO("a lossless observer that is too slow") {
    waits hook;
    hook.asked = frond::lossless(2, 30us);
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(10), hook), 110);
}

SCENARIO("a hook that throws, with a report") {
    throws hook;
    frond::run_report report;
    return judge(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(10), hook, report), 55);
}

SCENARIO("a hook that takes samples") {
    samples hook;
    return judge(run_here(frond::plan_for<nodes::sum_after_a_while>(), arg<"count">(10), hook), 55);
}

SCENARIO("a hook that never ends") {
    auto const hook = std::make_shared<never_ends>();
    auto const plan = frond::plan_for<nodes::sum_of_same>(frond::options().grace(1ms));
    return judge(run_here(plan, arg<"count">(3), hook), 6);
}

SCENARIO("several hooks that the run owns") {
    auto const first = std::make_shared<counts_all>();
    auto const second = std::make_shared<samples>();
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(10), first, second), 110);
}

SCENARIO("progress of bodies") {
    counts_all hook;
    return judge(run_here(frond::plan_for<sum_of_told>(), arg<"count">(5), hook), 5);
}

SCENARIO("an interceptor of nodes") {
    around_nodes hook;
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(5), hook), 30);
}

SCENARIO("an interceptor of tasks") {
    around_tasks hook;
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(5), hook), 30);
}

SCENARIO("an interceptor that forgets the node") {
    forgets_nodes hook;
    auto const failed = frond::make_error_code(frond::errc::node_failed);
    return judge_failure(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(5), hook), failed);
}

SCENARIO("an interceptor that forgets the task") {
    forgets_tasks hook;
    auto const failed = frond::make_error_code(frond::errc::node_failed);
    return judge_failure(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(5), hook), failed);
}

SCENARIO("interceptors, an observer and retries") {
    around_nodes nodes_hook;
    around_tasks tasks_hook;
    counts_all hook;
    auto const plan = frond::plan_for<nodes::sum_after_a_while>(frond::options().retry<nodes::after_a_while>(2, 10us));
    return judge(run_here(plan, arg<"count">(5), nodes_hook, tasks_hook, hook), 15);
}

}  // namespace scarce
