// The children of one batch: in what order they run, what the collectors get, and who goes on by itself.
#include "run/child_runner.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "../base/two_threads.hpp"

#include "frond/frond.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::async;
using frond::each;
using frond::each_result;
using frond::expander;
using frond::in;

namespace child_runner_test {

int fails = -1;
int waits = -1;
by_hand::event* wanted = nullptr;

int twice(int n) {
    if (n == fails) throw std::runtime_error("did not work");
    return 2 * n;
}

// Children of each kind for which there is a way of its own.
expander<int> thing() { co_yield 1; }
int single(in<thing> of) { return twice(*of); }
std::string text(in<thing> of) { return std::to_string(*of); }
int straight(in<text> of) { return twice(std::stoi(*of)); }
async<int> coroutine(in<thing> of) {
    if (*of == waits) co_await wanted->wait();
    co_return twice(*of);
}
int several(in<coroutine> of, in<text>) { return *of; }

async<int> read_single(each<single>) { co_return 0; }
async<int> read_straight(each<straight>) { co_return 0; }
async<int> read_coroutine(each<coroutine>) { co_return 0; }
async<int> read_several(each<several>) { co_return 0; }
async<int> try_single(each_result<single>) { co_return 0; }
async<int> try_straight(each_result<straight>) { co_return 0; }
async<int> try_coroutine(each_result<coroutine>) { co_return 0; }
async<int> try_several(each_result<several>) { co_return 0; }

frond::options const options = frond::options().limit(8);
template <auto Collector>
std::shared_ptr<frond::plan const> plan_of() {
    return frond::plan_for<Collector>(options).get();
}
std::vector<std::shared_ptr<frond::plan const>> plans_of_each_kind() {
    return {plan_of<read_single>(), plan_of<read_straight>(), plan_of<read_coroutine>(), plan_of<read_several>()};
}

struct runner_at_work {
    explicit runner_at_work(std::shared_ptr<frond::plan const> const& plan) : run(fake_run::of(plan)) {
        fails = waits = -1;
        wanted = &event;
    }
    ~runner_at_work() {
        batch.destroy_rest();
        end_batch();
        of.abandon(of.scope.sinks[0].target);
    }

    // Parameters are the children's indices.
    void get(unsigned count, unsigned first_index = 0) {
        for (unsigned i = 0; i < count; ++i) ::new (batch.parameter(i)) int(static_cast<int>(first_index + i));
        batch.position = 0;
        batch.count = count;
        batch.first_index = first_index;
        run->counts.children_yielded(of.scope, count);
        runner.got();
    }
    void equip(frond::child_runner& what) {
        REQUIRE_FALSE(what.chunks.take());
        if (what.needs_open && !what.has_open) what.has_open = of.own_limit()->try_take();
        if (what.needs_slot && !what.credit.held) what.credit.held = run->limits.slots.try_take();
        REQUIRE(what.equipped());
    }
    // True if what waits in the pump comes first.
    bool go() {
        equip(runner);
        bool others_first = false;
        run->in_pump([&] { others_first = runner.run(); });
        return others_first;
    }
    void end_batch() {
        runner.hand_over();
        runner.give_slots();
        runner.end_batch();
        batch.clear();
    }
    // What the collector finds: "3:6" is the value 6 of child 3, "3!" its error.
    std::string results() {
        std::string text;
        auto& channel = *of.channels[0];
        while (channel.advance() && channel.front() != nullptr) {
            text += (text.empty() ? "" : " ") + std::to_string(channel.front_index());
            text += channel.front_failed() ? "!" : ":" + std::to_string(*reinterpret_cast<int*>(channel.front()));
            channel.pop();
        }
        return text;
    }
    frond::counters children() const { return run->counts.children(); }

    by_hand::event event;
    std::shared_ptr<fake_run> run;
    fake_expansion expansion{*run, "thing"};
    frond::expansion& of = expansion.of;
    frond::child_batch batch{*of.scope.parameter, 100};
    frond::child_runner runner{of, batch};
};

}  // namespace child_runner_test

using namespace child_runner_test;

TEST_CASE("children of every kind run in order, and their results are held back until they are handed over") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        at.get(3, 5);
        CHECK_FALSE(at.go());
        CHECK(at.batch.empty());
        CHECK(at.results().empty());
        at.end_batch();
        CHECK(at.results() == "5:10 6:12 7:14");
        CHECK(at.children() == frond::counters{.yielded = 3, .succeeded = 3});
        CHECK(at.run->counts.tasks().running == 1);  // the expander
    }
}

TEST_CASE("a chunk that is full goes to the collector, and the next child waits for another one") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        unsigned const capacity = at.of.channels[0]->capacity();
        at.get(capacity + 2);
        at.go();
        CHECK(at.batch.position == capacity);
        CHECK_FALSE(at.runner.equipped());
        CHECK_FALSE(at.results().empty());
        at.go();
        CHECK(at.batch.empty());
        at.end_batch();
        CHECK(at.children().succeeded == capacity + 2);
    }
}

TEST_CASE("after a child that fails the others of the batch do not start, and are counted as skipped") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        fails = 1;
        at.get(4);
        at.go();
        CHECK(at.batch.empty());
        at.end_batch();
        CHECK(at.children() == frond::counters{.yielded = 4, .succeeded = 1, .failed = 1, .skipped = 2});
        CHECK(at.run->domain.outcome().message() == "did not work");
    }
}

TEST_CASE("where failures are values, a child that fails is an error in its place, and the others run") {
    for (auto const& plan :
         {plan_of<try_single>(), plan_of<try_straight>(), plan_of<try_coroutine>(), plan_of<try_several>()}) {
        runner_at_work at(plan);
        fails = 1;
        at.get(4);
        at.go();
        at.end_batch();
        CHECK(at.results() == "0:0 1! 2:4 3:6");
        CHECK(at.children() == frond::counters{.yielded = 4, .succeeded = 3, .failed = 1});
        CHECK_FALSE(at.run->domain.cancelled());
    }
}

TEST_CASE("a child that waits keeps its slots and goes on by itself, and the next one needs its own") {
    for (auto const& plan : {plan_of<read_coroutine>(), plan_of<read_several>()}) {
        runner_at_work at(plan);
        waits = 0;
        at.get(3);
        CHECK(at.of.pending.count() == 4);
        CHECK_FALSE(at.go());
        CHECK(at.batch.position == 1);
        CHECK_FALSE(at.runner.has_open);
        CHECK_FALSE(at.runner.credit.held);
        at.go();
        CHECK(at.batch.empty());
        at.end_batch();
        CHECK(at.of.pending.count() == 2);
        CHECK(at.results() == "1:2 2:4");
        at.event.fire();
        at.run->home.run();
        CHECK(at.of.pending.count() == 1);
        CHECK(at.results() == "0:0");
        CHECK(at.children() == frond::counters{.yielded = 3, .succeeded = 3});
    }
}

TEST_CASE("what a child that waits has left to do on this thread comes before the next child") {
    for (auto const& plan : {plan_of<read_coroutine>(), plan_of<read_several>()}) {
        runner_at_work at(plan);
        waits = 0;
        at.get(2);
        at.equip(at.runner);
        two_threads::errand other;
        at.run->in_pump([&] {
            frond::pump::current()->push_back(other);
            CHECK(at.runner.run());
        });
        CHECK(at.batch.position == 1);
        CHECK(other.runs == 1);
        at.event.fire();
        at.run->home.run();
    }
}

TEST_CASE("the children that another runner is given run there, with their indices, and each child once") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        frond::child_batch batch(*at.of.scope.parameter, 100);
        frond::child_runner heir(at.of, batch);
        at.get(5);
        unsigned const pending = at.of.pending.count();
        REQUIRE(at.runner.give_tail(2, heir));
        CHECK(at.of.pending.count() == pending);
        // What is pending for children that may wait goes with them.
        CHECK(at.runner.weight() == (at.of.straight ? 1 : 1 + 2));
        CHECK(heir.weight() == (at.of.straight ? 1 : 1 + 3));
        at.equip(heir);
        at.run->in_pump([&] { heir.run(); });
        heir.hand_over();
        heir.give_slots();
        heir.end_batch();
        CHECK(at.results() == "2:4 3:6 4:8");
        at.go();
        at.end_batch();
        CHECK(at.results() == "0:0 1:2");
        CHECK(at.of.pending.count() == 1);
    }
}

TEST_CASE("a runner whose children are wanted elsewhere begins no further one") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        at.get(3);
        at.runner.tail_wanted = true;
        at.go();
        CHECK(at.batch.position == 0);
        at.runner.tail_wanted = false;
        at.go();
        CHECK(at.batch.empty());
    }
}

TEST_CASE("the children of a cancelled run do not start") {
    for (auto const& plan : plans_of_each_kind()) {
        runner_at_work at(plan);
        at.get(3);
        at.run->domain.cancel(at.run->room);
        at.go();
        CHECK(at.batch.empty());
        CHECK(at.children() == frond::counters{.yielded = 3, .skipped = 3});
    }
}
