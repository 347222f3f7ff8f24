// For how long a run holds its executor's thread before it gives it back.
#include "by_hand_run.hpp"
#include "catch.hpp"
#include "frond/run/run.hpp"
#include "frond/run/this_task.hpp"
#include "frond/run/typed_plan.hpp"

#include <algorithm>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <vector>

using frond::all;
using frond::arg;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using namespace std::chrono_literals;

namespace budget_test {

// Moved by the bodies: each takes the time that it says.
std::shared_ptr<by_hand::clock> hours;

expander<int> number(input<"count", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}

int quick(in<number> of) { return *of; }
async<int> slow_reader(each<quick> of) {
    int sum = 0;
    while (auto const value = co_await of.next()) {
        hours->pass(1ms);
        sum += *value;
    }
    co_return sum;
}

// The first elements take no time.
async<int> slowing_reader(each<quick> of) {
    int sum = 0;
    for (int i = 0; auto const value = co_await of.next(); ++i) {
        hours->pass(i < 200 ? 0ms : 1ms);
        sum += *value;
    }
    co_return sum;
}

async<int> steady_reader(each<quick> of) {
    int sum = 0;
    while (auto const value = co_await of.next()) {
        hours->pass(10us);
        sum += *value;
    }
    co_return sum;
}

expander<int> inner(in<number>) {
    for (int i = 0; i < 10; ++i) co_yield i;
}
int in_inner(in<inner> of) {
    hours->pass(10us);
    return *of;
}
int of_outer(all<in_inner> of) { return static_cast<int>(of.size()); }
int nested(all<of_outer> of) { return static_cast<int>(of.size()); }

int child(in<number> of) {
    hours->pass(10us);
    return *of;
}
int children(all<child> of) { return static_cast<int>(of.size()); }

// Opened by the last of the children that come.
class gate {
public:
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) {
        if (waiting_.size() + 1 == size) {
            for (auto* const each : waiting_) each->wake();
            return false;
        }
        waiting_.push_back(frame.promise().on);
        frame.promise().on->suspend_at(frame);
        return true;
    }
    void await_resume() const noexcept {}

    std::size_t size = 0;

private:
    std::vector<frond::fiber*> waiting_;
};
std::shared_ptr<gate> all_came;

async<int> together(in<number> of) {
    co_await *all_came;
    hours->pass(100us);
    co_return *of;
}
int woken(all<together> of) { return static_cast<int>(of.size()); }

constexpr auto budget = 500us;

struct ended final : frond::run_completion {
    void complete(frond::run_outcome& outcome) noexcept override {
        value = outcome.failure ? -1 : *static_cast<int*>(outcome.outputs[0]);
    }
    int value = -1;
};

struct held {
    int value;
    frond::duration longest{};
    int longer_than_2ms = 0;  // how often
};

// Runs it on one thread, and finds for how long at once that was held.
template <auto Wanted>
held hold_of(int count) {
    hours = std::make_shared<by_hand::clock>();
    by_hand::executor home;
    ended completion;
    auto prepared = frond::plan_for<Wanted>(frond::options().budget(budget)).prepare(arg<"count">(count));
    frond::run_start start;
    start.on = &home;
    start.time = hours.get();
    start.completion = &completion;
    begin(prepared.value().run, start);
    held found{};
    while (!home.idle()) {
        auto const began = hours->now();
        home.run_one();
        frond::duration const took = hours->now() - began;
        found.longest = std::max(found.longest, took);
        found.longer_than_2ms += took > 2ms ? 1 : 0;
    }
    found.value = completion.value;
    return found;
}

}  // namespace budget_test

using namespace budget_test;

TEST_CASE("a slow collector that finds its stream full gives the executor back after each element") {
    held const found = hold_of<slow_reader>(200);
    CHECK(found.value == 199 * 200 / 2);
    CHECK(found.longest <= 1ms);
}

TEST_CASE("a collector whose elements are short gives the executor back when the budget is used up") {
    held const found = hold_of<steady_reader>(1000);
    CHECK(found.value == 999 * 1000 / 2);
    CHECK(found.longest <= budget + 160us);  // a segment, which grows up to a fourth of the budget
}

TEST_CASE(
    "a collector whose elements get slow gives the executor back after fewer of them each time, at last after each") {
    held const found = hold_of<slowing_reader>(1000);
    CHECK(found.value == 999 * 1000 / 2);
    CHECK(found.longest <= 64ms);
    CHECK(found.longer_than_2ms <= 3);  // of 64, of 16 and of 4 elements
}

TEST_CASE("bodies that are woken all at once give the executor back when the budget is used up") {
    all_came = std::make_shared<gate>();
    all_came->size = 100;
    held const found = hold_of<woken>(100);
    CHECK(found.value == 100);
    CHECK(found.longest <= budget + 100us);
}

TEST_CASE("children give the executor back when the budget is used up") {
    held const found = hold_of<children>(1000);
    CHECK(found.value == 1000);
    CHECK(found.longest <= budget + 200us);  // a batch, which grows as long as it takes less than 20 us
}

TEST_CASE("nested children give the executor back when the budget is used up") {
    held const found = hold_of<nested>(1000);
    CHECK(found.value == 1000);
    CHECK(found.longest <= budget + 200us);
}
