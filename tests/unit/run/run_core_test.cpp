// What all tasks of a run ask of it.
#include "run/run_core.hpp"
#include "../base/two_threads.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <memory>

using by_hand::fake_run;
using frond::in;
using std::chrono::microseconds;

namespace run_core_test {

frond::expander<int> thing() { co_yield 1; }
int one(in<thing>) { return 1; }
int other(in<thing>) { return 2; }
int things(frond::all<one> a, frond::all<other>) { return static_cast<int>(a.size()); }
frond::async<int> slow(in<thing>) { co_return 1; }
int slows(frond::all<slow> of) { return static_cast<int>(of.size()); }

struct around_tasks {
    frond::async<void> around_task(frond::task_call& call) { co_await call.next(); }
};
struct around_nodes {
    frond::async<void> around_node(frond::node_call& call) { co_await call.next(); }
};

auto const plan = frond::plan_for<things>().get();
auto const slow_plan = frond::plan_for<slows>().get();
// The two nodes of a child are tasks of their own, which could run at once.
auto const overlapping = frond::plan_for<things>(frond::options().grouping(frond::grouping::each_node)).get();

bool straight(std::shared_ptr<frond::plan const> const& what, by_hand::how_to_run how = {}) {
    auto const run = fake_run::of(what, how);
    return run->straight(run->plan->scopes[1]);
}

}  // namespace run_core_test

using namespace run_core_test;

TEST_CASE("a run gives its executor back once its budget is over in a pump, and then with all that waits there") {
    auto const run = fake_run::of(frond::plan_for<things>(frond::options().budget(microseconds(500))).get());
    for (int pumps = 0; pumps < 2; ++pumps) {
        two_threads::errand waiting;
        run->in_pump([&] {
            frond::pump::current()->push_back(waiting);
            CHECK_FALSE(run->gives_back(run->hours.now()));
            run->hours.pass(microseconds(500));
            CHECK_FALSE(run->gives_back(run->hours.now()));
            CHECK(run->home.idle());
            run->hours.pass(microseconds(1));
            CHECK(run->gives_back(run->hours.now()));
            CHECK(run->home.posted == pumps + 1);
        });
        CHECK(waiting.runs == 0);
        run->home.run();
        CHECK(waiting.runs == 1);
    }
}

TEST_CASE("children of plain functions run straight through, and a child that may wait does not") {
    CHECK(straight(plan));
    CHECK_FALSE(straight(slow_plan));
}

TEST_CASE("children whose tasks several threads could run at once run straight through on one thread alone") {
    CHECK(straight(overlapping, {.threads = 1}));
    CHECK_FALSE(straight(overlapping, {.threads = 2}));
    CHECK(straight(plan, {.threads = 2}));
}

TEST_CASE("no child of a run with interceptors runs straight through") {
    around_tasks tasks;
    around_nodes nodes;
    CHECK_FALSE(straight(plan, {.hooks = {frond::any_hook(tasks)}}));
    CHECK_FALSE(straight(plan, {.hooks = {frond::any_hook(nodes)}}));
    auto const run = fake_run::of(plan, {.hooks = {frond::any_hook(nodes), frond::any_hook(tasks)}});
    CHECK(run->wraps());
    CHECK(run->node_interceptors().size() == 1);
    CHECK(run->task_interceptors().size() == 1);
    CHECK(run->news.observers() == 0);
}

TEST_CASE("a run on an executor that does not tell its threads does not count on having one") {
    CHECK(fake_run::of(plan, {.threads = 1})->threads.single());
    CHECK_FALSE(fake_run::of(plan, {.threads = 0})->threads.single());
}
