// The steps of one task: at once, after a wait, and on another executor.
#include "run/task_run.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::in;
using frond::step_outcome;
using frond::task_state;
using names = std::vector<std::string>;

namespace task_run_test {

names ran;
int failures = 0;  // how often the next bodies fail
by_hand::event* wanted = nullptr;

int act(char const* name) {
    ran.emplace_back(name);
    if (failures > 0) {
        --failures;
        throw std::runtime_error("did not work");
    }
    return 1;
}

// Of each child one task, "block-thing", with three steps.
frond::expander<int> thing() { co_yield 1; }
int first(in<thing>) { return act("first"); }
frond::async<int> second(in<first>) {
    act("second");
    co_await wanted->wait();
    co_return act("woken");
}
int third(in<second>) { return act("third"); }
int things(frond::all<third> of) { return static_cast<int>(of.size()); }

// Outside expansions.
frond::async<int> outside() {
    co_await wanted->wait();
    co_return 1;
}

// One that does not wait.
int quick(in<first>) { return act("quick"); }
int quicks(frond::all<quick> of) { return static_cast<int>(of.size()); }

// A child of a run with one slot, and its one task. The slot is the test's.
struct task_of_child {
    explicit task_of_child(std::shared_ptr<frond::plan const> const& plan) : run(fake_run::of(plan, {.flow = flow})) {
        ran.clear();
        failures = 0;
        wanted = &event;
        credit.held = run->limits.slots.try_take();
        child->renew(3);
    }
    ~task_of_child() { run->limits.give(credit); }

    frond::task_spec const& spec() const { return run->spec("first"); }
    // What the steps came to at once; "apart" if they go on by themselves.
    std::string run_steps() {
        step_outcome end;
        run->counts.task_began(spec());
        run->in_pump([&] { end = frond::run_steps(*child, spec(), credit); });
        return end ? std::string(to_string(end->state())) : "apart";
    }
    bool slot_is_free() {
        if (!run->limits.slots.try_take()) return false;
        run->limits.slots.give();
        return true;
    }

    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run;
    fake_expansion expansion{*run, "thing"};
    by_hand::owned_instance child{frond::instance::make(*run, expansion.of.scope, &expansion.of)};
    frond::slot_credit credit;
    by_hand::event event;
};

auto const one_slot = frond::options().limit(1);

}  // namespace task_run_test

using namespace task_run_test;

TEST_CASE("the steps of a task run in order, at once where none waits, and the slot stays with the caller") {
    task_of_child of(frond::plan_for<quicks>(one_slot).get());
    CHECK(of.run_steps() == "succeeded");
    CHECK(ran == names{"first", "quick"});
    CHECK(of.credit.held);
    CHECK(of.run->home.posted == 0);
}

TEST_CASE("a step that fails is a task's last, and the failure tells the task and the node") {
    task_of_child of(frond::plan_for<quicks>(one_slot).get());
    failures = 1;
    CHECK(of.run_steps() == "failed");
    CHECK(ran == names{"first"});
    CHECK(of.run->domain.outcome().task() == "expand-thing.3." + of.spec().name);
    CHECK(of.run->domain.outcome().node() == "first");
}

TEST_CASE("a task that waits keeps its slot, goes on by itself, and gives the slot back when it has ended") {
    task_of_child of(frond::plan_for<things>(one_slot).get());
    CHECK(of.run_steps() == "apart");
    CHECK(ran == names{"first", "second"});
    CHECK_FALSE(of.credit.held);
    CHECK_FALSE(of.slot_is_free());
    of.event.fire();
    of.run->home.run();
    CHECK(ran == names{"first", "second", "woken", "third"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
    CHECK(of.slot_is_free());
}

TEST_CASE("a task that needs no slot leaves the one that is at hand to its caller, though it waits") {
    by_hand::noted_flow const flow;
    by_hand::event event;
    wanted = &event;
    auto const run = fake_run::of(frond::plan_for<outside>().get(), {.flow = flow});
    frond::slot_credit credit{run->limits.slots.try_take()};
    run->in_pump([&] { CHECK_FALSE(frond::run_steps(*run->root, run->spec("outside"), credit)); });
    CHECK(credit.held);
    run->limits.give(credit);
    event.fire();
    run->home.run();
    CHECK(flow.seen == "outside succeeded");
}

TEST_CASE("what fails after a wait ends the task as what fails before") {
    task_of_child of(frond::plan_for<things>(one_slot).get());
    CHECK(of.run_steps() == "apart");
    failures = 1;
    of.event.fire();
    of.run->home.run();
    CHECK(ran == names{"first", "second", "woken"});
    CHECK(of.flow.seen == of.spec().name + " failed with slot");
    CHECK(of.run->domain.outcome().node() == "second");
}

TEST_CASE("a cancellation interrupts a task that waits, and no further step of it starts") {
    task_of_child of(frond::plan_for<things>(one_slot).get());
    of.event.wakes_when_interrupted = true;
    CHECK(of.run_steps() == "apart");
    of.run->domain.cancel(of.run->room);
    of.run->home.run();
    CHECK(of.event.interrupted == 1);
    CHECK(ran == names{"first", "second", "woken"});
    CHECK(of.flow.seen == of.spec().name + " cancelled with slot");
    CHECK(of.slot_is_free());
}

TEST_CASE("a step with an executor of its own runs there, and the task goes on where it was") {
    auto const elsewhere = std::make_shared<by_hand::executor>();
    task_of_child of(frond::plan_for<quicks>(one_slot.on<first>(elsewhere)).get());
    CHECK(of.run_steps() == "apart");
    CHECK_FALSE(of.credit.held);
    of.run->home.run();
    CHECK(ran.empty());
    elsewhere->run();
    CHECK(ran == names{"first"});
    CHECK(of.flow.seen.empty());
    of.run->home.run();
    CHECK(ran == names{"first", "quick"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
    CHECK(of.slot_is_free());
}

TEST_CASE("a step that is cancelled on its way to another executor does not start there") {
    auto const elsewhere = std::make_shared<by_hand::executor>();
    task_of_child of(frond::plan_for<quicks>(one_slot.on<first>(elsewhere)).get());
    CHECK(of.run_steps() == "apart");
    of.run->domain.cancel(of.run->room);
    elsewhere->run();
    of.run->home.run();
    CHECK(ran.empty());
    CHECK(of.flow.seen == of.spec().name + " cancelled with slot");
}

TEST_CASE("a step that waits on another executor is woken there") {
    auto const elsewhere = std::make_shared<by_hand::executor>();
    task_of_child of(frond::plan_for<things>(one_slot.on<second>(elsewhere)).get());
    CHECK(of.run_steps() == "apart");
    elsewhere->run();
    CHECK(ran == names{"first", "second"});
    of.event.fire();
    of.run->home.run();
    CHECK(ran == names{"first", "second"});
    elsewhere->run();
    CHECK(ran == names{"first", "second", "woken"});
    of.run->home.run();
    CHECK(ran == names{"first", "second", "woken", "third"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
}

TEST_CASE("a step is tried again after its delay, each time after twice as long, until it does not fail") {
    auto const again = one_slot.retry<first>(3, std::chrono::seconds(1));
    task_of_child of(frond::plan_for<quicks>(again).get());
    failures = 2;
    CHECK(of.run_steps() == "apart");
    CHECK(ran == names{"first"});
    of.run->hours.pass(std::chrono::seconds(1));
    of.run->home.run();
    CHECK(ran == names{"first", "first"});
    of.run->hours.pass(std::chrono::seconds(1));
    of.run->home.run();
    CHECK(ran.size() == 2);
    of.run->hours.pass(std::chrono::seconds(1));
    of.run->home.run();
    CHECK(ran == names{"first", "first", "first", "quick"});
    CHECK(of.flow.seen == of.spec().name + " succeeded with slot");
    CHECK(of.run->counts.retries() == 2);
}

TEST_CASE("a step that fails at every attempt fails with the last, and a cancellation ends its pause") {
    auto const again = one_slot.retry<first>(2, std::chrono::seconds(1));
    for (bool const cancelled : {false, true}) {
        task_of_child of(frond::plan_for<quicks>(again).get());
        failures = 9;
        CHECK(of.run_steps() == "apart");
        if (cancelled) {
            of.run->domain.cancel(of.run->room);
        } else {
            of.run->hours.pass(std::chrono::seconds(1));
        }
        of.run->home.run();
        CHECK(of.run->hours.waiting() == 0);
        CHECK(ran.size() == (cancelled ? 1 : 2));
        CHECK(of.flow.seen == of.spec().name + (cancelled ? " cancelled" : " failed") + " with slot");
    }
}

TEST_CASE("a task that waits for a slot comes before lanes that do, and goes on with the slot") {
    task_of_child of(frond::plan_for<quicks>(one_slot).get());
    by_hand::puller lane(of.expansion.of);
    CHECK_FALSE(of.run->limits.slots.take(lane));
    of.run->in_pump([&] { CHECK_FALSE(frond::task_run::wait_for_slot(*of.child, of.spec())); });
    of.run->limits.give(of.credit);
    of.run->home.run();
    CHECK(of.flow.seen == of.spec().name + " got slot");
    CHECK(lane.woken == 1);  // once the task has given it back
    of.run->limits.slots.give();
    of.run->in_pump([&] { CHECK(frond::task_run::wait_for_slot(*of.child, of.spec())); });
    of.run->limits.slots.give();
}
