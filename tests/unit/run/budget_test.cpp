// For how long a run holds its executor's thread before it gives it back.
#include "by_hand_run.hpp"
#include "catch.hpp"
#include "frond/run/run.hpp"
#include "frond/run/this_task.hpp"
#include "frond/run/typed_plan.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

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

constexpr auto budget = 500us;

struct ended final : frond::run_completion {
    void complete(frond::run_outcome& outcome) noexcept override {
        value = outcome.failure ? -1 : *static_cast<int*>(outcome.outputs[0]);
    }
    int value = -1;
};

struct held {
    int value;
    frond::duration longest;
};

// Runs it on one thread, and finds for how long at once that was held.
template <auto Wanted>
held longest_hold(int count) {
    hours = std::make_shared<by_hand::clock>();
    by_hand::executor home;
    ended completion;
    auto prepared = frond::plan_for<Wanted>(frond::options().budget(budget)).prepare(arg<"count">(count));
    frond::run_start start;
    start.on = &home;
    start.time = hours.get();
    start.completion = &completion;
    begin(prepared.value().run, start);
    frond::duration longest{};
    while (!home.idle()) {
        auto const began = hours->now();
        home.run_one();
        longest = std::max(longest, hours->now() - began);
    }
    return {completion.value, longest};
}

}  // namespace budget_test

using namespace budget_test;

TEST_CASE("a slow collector that finds its stream full gives the executor back after each element") {
    held const found = longest_hold<slow_reader>(200);
    CHECK(found.value == 199 * 200 / 2);
    CHECK(found.longest <= 1ms);
}

TEST_CASE("a collector whose elements are short gives the executor back when the budget is used up") {
    held const found = longest_hold<steady_reader>(1000);
    CHECK(found.value == 999 * 1000 / 2);
    CHECK(found.longest <= budget + 160us);  // a segment, which grows up to a fourth of the budget
}

TEST_CASE("children give the executor back when the budget is used up") {
    held const found = longest_hold<children>(1000);
    CHECK(found.value == 1000);
    CHECK(found.longest <= budget + 200us);  // a batch, which grows as long as it takes less than 20 us
}

TEST_CASE("nested children give the executor back when the budget is used up") {
    held const found = longest_hold<nested>(1000);
    CHECK(found.value == 1000);
    CHECK(found.longest <= budget + 200us);
}
