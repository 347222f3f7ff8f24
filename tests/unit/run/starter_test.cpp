// How the ready tasks of an instance are run on one thread, and when they are given to others.
#include "run/starter.hpp"
#include "../base/two_threads.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using by_hand::fake_run;
using frond::in;
using names = std::vector<std::string>;

namespace starter_test {

names ran;
std::string_view fails;  // the node that does
std::function<void()> inside;

int act(char const* name) {
    ran.emplace_back(name);
    if (inside) inside();
    if (fails == name) throw std::runtime_error("did not work");
    return 1;
}

// a, b and c need nothing, and sum needs all of them.
int a() { return act("a"); }
int b() { return act("b"); }
int c() { return act("c"); }
int sum(in<a>, in<b>, in<c>) { return act("sum"); }

int d() { return act("d"); }
int e() { return act("e"); }
int f() { return act("f"); }
int sum_of_six(in<a>, in<b>, in<c>, in<d>, in<e>, in<f>) { return act("sum"); }

// Needs nothing, and waits.
by_hand::event* wanted = nullptr;
frond::async<int> waiting() {
    act("waiting");
    co_await wanted->wait();
    co_return act("woken");
}
int both(in<waiting>, in<a>) { return act("both"); }

// A child has a task that needs a slot, and others that do not.
frond::expander<int> thing() { co_yield 1; }
int piece(in<thing>) { return act("piece"); }
frond::expander<int> part(in<thing>) { co_yield act("part"); }
int parts(frond::all<part>) { return act("parts"); }
int things(frond::all<piece>, frond::all<parts>) { return act("things"); }

struct fresh {
    fresh() {
        ran.clear();
        fails = {};
        inside = nullptr;
    }
};

// Of plans of their own, since what bodies cost is kept in the plan.
std::shared_ptr<frond::plan const> plan_of_three() { return frond::plan_for<sum>().get(); }
std::shared_ptr<frond::plan const> plan_of_six() { return frond::plan_for<sum_of_six>().get(); }
std::shared_ptr<frond::plan const> plan_that_waits() { return frond::plan_for<both>().get(); }

void know_costs(frond::plan const& of, frond::duration cost) {
    for (auto const& spec : of.specs) spec.cost.learn(cost);
}

}  // namespace starter_test

using namespace starter_test;

TEST_CASE("tasks run once each, when all that they need has ended, and the instance is over with the last one") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three());
    inside = [&] { CHECK(run->times_over == 0); };
    run->begin();
    CHECK(ran == names{"a", "b", "c", "sum"});
    CHECK(run->times_over == 1);
    CHECK(run->counts.tasks() == frond::counters{.yielded = 4, .succeeded = 4});
}

TEST_CASE("a run on one thread posts nothing") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three());
    run->begin();
    CHECK(run->home.posted == 0);
}

TEST_CASE("on several threads all else is posted before a body of unknown cost begins") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three(), {.threads = 4});
    names posted_before;
    inside = [&] { posted_before.push_back(ran.back() + (run->home.idle() ? " " : " posted")); };
    run->begin();
    CHECK(ran == names{"a"});
    CHECK(run->times_over == 0);
    run->home.run();
    CHECK(posted_before == names{"a posted", "b posted", "c ", "sum "});
    CHECK(ran == names{"a", "b", "c", "sum"});
    CHECK(run->times_over == 1);
}

TEST_CASE("what else waits on the thread is posted before a body that may be long, and stays before a short one") {
    for (bool const is_long : {false, true}) {
        fresh const begin;
        auto const run = fake_run::of(frond::plan_for<a>().get(), {.threads = 4});
        know_costs(*run->plan, is_long ? std::chrono::milliseconds(1) : std::chrono::nanoseconds(100));
        two_threads::errand other;
        run->in_pump([&] {
            frond::pump::current()->push_back(other);
            inside = [&] { CHECK(run->home.posted == is_long); };
            frond::slot_credit credit;
            CHECK(run->flow.begin(*run->root, credit));
        });
        run->home.run();
        CHECK(ran == names{"a"});
        CHECK(other.runs == 1);
    }
}

TEST_CASE("bodies of unknown cost are taken for short once many of them in a row were") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three(), {.threads = 4});
    for (int bodies = 0; bodies < 32; ++bodies) run->first_bodies.learn(std::chrono::nanoseconds(100));
    run->begin();
    CHECK(run->home.posted == 0);
    CHECK(run->times_over == 1);
}

TEST_CASE("trivial bodies are shared with no other thread") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three(), {.threads = 4});
    know_costs(*run->plan, std::chrono::nanoseconds(100));
    run->begin();
    CHECK(run->home.posted == 0);
    CHECK(ran == names{"a", "b", "c", "sum"});
    CHECK(run->times_over == 1);
}

TEST_CASE("of a long list of tasks that are neither long nor trivial half goes to a helper") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_six(), {.threads = 2});
    know_costs(*run->plan, std::chrono::microseconds(1));
    inside = [&] { run->hours.pass(std::chrono::microseconds(1)); };
    run->begin();
    CHECK(ran == names{"a", "b", "c", "d"});
    CHECK(run->home.posted == 1);
    CHECK_FALSE(run->threads.take_helper());
    run->home.run();
    CHECK(ran == names{"a", "b", "c", "d", "e", "f", "sum"});
    CHECK(run->times_over == 1);
    CHECK(run->threads.take_helper());
}

TEST_CASE("bodies that were short and take long now are of unknown cost again, from the second time in a row") {
    fresh const begin;
    auto const plan = plan_of_three();
    know_costs(*plan, std::chrono::microseconds(1));
    for (bool const second : {false, true}) {
        auto const run = fake_run::of(plan, {.threads = 4});
        inside = [&] {
            if (ran.back() == "b") run->hours.pass(std::chrono::microseconds(30));
        };
        run->begin();
        run->home.run();
        CHECK(run->spec("b").cost.is_unknown() == second);
        CHECK_FALSE(run->spec("c").cost.is_unknown());
    }
}

TEST_CASE("while a body that was taken for short lasts, another thread posts the tasks that wait behind it") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three(), {.threads = 4});
    know_costs(*run->plan, std::chrono::nanoseconds(100));
    inside = [&] {
        if (ran.back() != "a") return;
        // Inside the same body at two looks.
        std::thread([] {
            frond::working_thread::relieve_all();
            frond::working_thread::relieve_all();
        }).join();
        CHECK(run->home.posted == 1);
    };
    run->begin();
    CHECK(ran == names{"a"});
    CHECK(run->spec("a").cost.is_unknown());
    run->home.run();
    CHECK(ran == names{"a", "b", "c", "sum"});
    CHECK(run->times_over == 1);
}

TEST_CASE("after a failure the tasks that have not begun are skipped, and each is counted as ended") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three());
    fails = "b";
    run->begin();
    CHECK(ran == names{"a", "b"});
    CHECK(run->times_over == 1);
    CHECK(run->counts.tasks() == frond::counters{.yielded = 4, .succeeded = 1, .failed = 1, .skipped = 2});
    CHECK(run->domain.outcome().node() == "b");
}

TEST_CASE("a task that waits leaves its thread to the others, and the last one to end says that the instance is over") {
    fresh const begin;
    by_hand::event event;
    wanted = &event;
    auto const run = fake_run::of(plan_that_waits());
    run->begin();
    CHECK(ran == names{"waiting", "a"});
    CHECK(run->times_over == 0);
    event.fire();
    run->home.run();
    CHECK(ran == names{"waiting", "a", "woken", "both"});
    CHECK(run->times_over == 1);
}

TEST_CASE("when the budget is used up what is left is posted, and runs on later") {
    fresh const begin;
    auto const run = fake_run::of(plan_of_three());
    inside = [&] {
        if (ran.back() == "b") run->hours.pass(std::chrono::milliseconds(1));
    };
    run->begin();
    CHECK(ran == names{"a", "b"});
    CHECK(run->home.posted == 1);
    CHECK(run->times_over == 0);
    run->home.run();
    CHECK(ran == names{"a", "b", "c", "sum"});
    CHECK(run->times_over == 1);
}

TEST_CASE("a task without a free slot waits for one, and those that need none go on") {
    fresh const begin;
    auto const run = fake_run::of(frond::plan_for<things>(frond::options().limit(1)).get());
    by_hand::fake_expansion of(*run, "thing");
    run->counts.children_yielded(of.of.scope, 1);
    run->counts.child_began(of.of.scope);
    of.of.pending.add();
    auto* const child = frond::instance::make(*run, of.of.scope, &of.of);
    REQUIRE(run->limits.slots.try_take());
    run->in_pump([&] {
        frond::slot_credit credit;
        CHECK_FALSE(run->flow.begin(*child, credit));
        CHECK_FALSE(credit.held);
    });
    run->home.run();
    CHECK(ran == names{"part", "parts"});
    CHECK(of.of.pending.count() == 2);
    run->limits.slots.give();
    run->home.run();
    CHECK(ran == names{"part", "parts", "piece"});
    CHECK(of.of.pending.count() == 1);  // the child has been delivered
    CHECK(run->limits.slots.try_take());
    run->limits.slots.give();
}
