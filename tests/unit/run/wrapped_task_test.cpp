// A task inside the coroutines of its interceptors.
#include "run/wrapped_task.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using by_hand::fake_run;
using frond::async;
using frond::in;
using frond::task_call;
using names = std::vector<std::string>;

namespace wrapped_task_test {

names ran;
by_hand::event* wanted = nullptr;
bool fails = false;

frond::expander<int> thing() { co_yield 1; }
int quick(in<thing>) {
    ran.emplace_back("quick");
    if (fails) throw std::runtime_error("did not work");
    return 1;
}
async<int> slow(in<thing>) {
    ran.emplace_back("slow");
    co_await wanted->wait();
    co_return 1;
}
int quicks(frond::all<quick> of) { return static_cast<int>(of.size()); }
int slows(frond::all<slow> of) { return static_cast<int>(of.size()); }

// Goes on to what is inside unless it is told otherwise.
struct around {
    char const* name;
    by_hand::event* waits = nullptr;  // before it goes on
    bool goes_on = true;
    bool refuses = false;
    bool fails_after = false;
    frond::error why{frond::errc::node_failed, "refused"};
    async<void> around_task(task_call& call) {
        ran.emplace_back(name);
        if (waits != nullptr) co_await waits->wait();
        if (refuses) call.fail(why);
        if (goes_on) co_await call.next();
        ran.push_back(std::string(name) + " saw " + std::string(to_string(call.state())));
        if (fails_after) throw std::runtime_error("changed its mind");
    }
};

// The only task of a child, wrapped. The run has one slot, which is the test's.
struct wrapped {
    wrapped(std::shared_ptr<frond::plan const> const& plan, std::vector<frond::any_hook> hooks)
        : run(fake_run::of(plan, {.flow = flow, .hooks = std::move(hooks)})) {
        ran.clear();
        fails = false;
        wanted = &event;
        credit.held = run->limits.slots.try_take();
    }
    ~wrapped() { run->limits.give(credit); }

    frond::task_spec const& spec() const { return run->plan->specs[expansion.of.scope.specs.front()]; }
    std::string start() {
        frond::step_outcome end;
        run->counts.task_began(spec());
        run->in_pump([&] { end = frond::wrapped_task::start(*child, spec(), credit); });
        return end ? std::string(to_string(end->state())) : "apart";
    }

    by_hand::noted_flow flow;
    by_hand::event event;
    std::shared_ptr<fake_run> run;
    by_hand::fake_expansion expansion{*run, "thing"};
    by_hand::owned_instance child{frond::instance::make(*run, expansion.of.scope, &expansion.of)};
    frond::slot_credit credit;
};

template <auto... F>
std::shared_ptr<frond::plan const> plan_of() {
    return frond::plan_for<F...>(frond::options().limit(1)).get();
}

}  // namespace wrapped_task_test

using namespace wrapped_task_test;

TEST_CASE("interceptors wrap a task in their order, the first one outermost, and see how it ended") {
    around outer{"outer"}, inner{"inner"};
    wrapped of(plan_of<quicks>(), {frond::any_hook(outer), frond::any_hook(inner)});
    CHECK(of.start() == "succeeded");
    CHECK(ran == names{"outer", "inner", "quick", "inner saw succeeded", "outer saw succeeded"});
    CHECK(of.credit.held);
}

TEST_CASE("an interceptor that waits keeps the task's slot, which is given back when the task has ended") {
    by_hand::event go;
    around outer{"outer", &go};
    wrapped of(plan_of<quicks>(), {frond::any_hook(outer)});
    CHECK(of.start() == "apart");
    CHECK(ran == names{"outer"});
    CHECK_FALSE(of.credit.held);
    CHECK_FALSE(of.run->limits.slots.try_take());
    go.fire();
    of.run->home.run();
    CHECK(ran == names{"outer", "quick", "outer saw succeeded"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
    CHECK(of.run->limits.slots.try_take());
    of.run->limits.slots.give();
}

TEST_CASE("interceptors go on when steps that wait have ended") {
    around outer{"outer"};
    wrapped of(plan_of<slows>(), {frond::any_hook(outer)});
    CHECK(of.start() == "apart");
    CHECK(ran == names{"outer", "slow"});
    of.event.fire();
    of.run->home.run();
    CHECK(ran == names{"outer", "slow", "outer saw succeeded"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
}

TEST_CASE("an interceptor that refuses a task fails it, and none of its steps runs") {
    around outer{.name = "outer", .refuses = true};
    wrapped of(plan_of<quicks>(), {frond::any_hook(outer)});
    CHECK(of.start() == "failed");
    CHECK(ran == names{"outer", "outer saw running"});
    CHECK(of.run->domain.outcome().message() == "refused");
    CHECK(of.run->domain.outcome().task() == "expand-thing.0." + of.spec().name);
}

TEST_CASE("an interceptor that neither goes on nor lets the task fail fails it") {
    around outer{.name = "outer", .goes_on = false};
    wrapped of(plan_of<quicks>(), {frond::any_hook(outer)});
    CHECK(of.start() == "failed");
    CHECK(of.run->domain.outcome().message() == "an interceptor neither called next() nor let the task fail");
}

TEST_CASE("what an interceptor throws fails a task that went well, and a failure inside it is told once") {
    around outer{.name = "outer", .fails_after = true};
    wrapped of(plan_of<quicks>(), {frond::any_hook(outer)});
    CHECK(of.start() == "failed");
    CHECK(of.run->domain.outcome().message() == "changed its mind");

    around watcher{"watcher"};
    wrapped other(plan_of<quicks>(), {frond::any_hook(watcher)});
    fails = true;
    CHECK(other.start() == "failed");
    CHECK(ran == names{"watcher", "quick", "watcher saw failed"});
    CHECK(other.run->domain.failures_total() == 1);
}

TEST_CASE("a task that is cancelled while its interceptor waits is cancelled, and has not failed") {
    by_hand::event go;
    go.wakes_when_interrupted = true;
    // What it awaits throws when it is interrupted.
    around outer{.name = "outer", .waits = &go, .refuses = true, .why = frond::error::canceled()};
    wrapped of(plan_of<slows>(), {frond::any_hook(outer)});
    CHECK(of.start() == "apart");
    of.run->domain.cancel(of.run->room);
    of.run->home.run();
    CHECK(go.interrupted == 1);
    CHECK(ran == names{"outer", "outer saw running"});
    CHECK(of.flow.seen == of.spec().name + " cancelled with slot");
    CHECK(of.child->state() == frond::task_state::cancelled);
}
