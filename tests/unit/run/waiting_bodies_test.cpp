// Which bodies wait for something outside their run, and for how long: in progress, and in the report of a cancelled run.
#include "by_hand_run.hpp"
#include "catch.hpp"
#include "frond/run/run.hpp"
#include "frond/run/run_report.hpp"
#include "frond/run/typed_plan.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using namespace std::chrono_literals;

namespace waiting_bodies_test {

std::unique_ptr<std::array<by_hand::event, 200>> things;  // by child
std::unique_ptr<by_hand::event> more;                     // before the last child
int number = 0;                                           // of children

expander<int> thing() {
    for (int i = 0; i + 1 < number; ++i) co_yield frond::child("key " + std::to_string(i), i);
    co_await more->wait();
    co_yield number - 1;
}
async<int> awaited(in<thing> of) {
    co_await (*things)[static_cast<std::size_t>(*of)].wait();
    co_return *of;
}
async<int> sum(each<awaited> of) {
    int made = 0;
    while (auto const next = co_await of.next()) made += *next;
    co_return made;
}

struct completion final : frond::run_completion {
    void complete(frond::run_outcome&) noexcept override { ++times; }
    int times = 0;
};

struct waiting_run {
    waiting_run(int children, unsigned threads) : home(threads) {
        number = children;
        things = std::make_unique<std::array<by_hand::event, 200>>();
        more = std::make_unique<by_hand::event>();
        for (auto& each : *things) each.wakes_when_interrupted = true;
        more->wakes_when_interrupted = true;
        frond::run_start start;
        start.on = &home;
        start.time = &hours;
        start.completion = &ended;
        start.report = &report;
        begin(run, start);
        home.run();
    }
    ~waiting_run() {
        run.cancel();
        home.run();
    }
    std::vector<frond::waiting_body> waiting() const { return run.progress().waiting; }

    by_hand::executor home;
    by_hand::clock hours;
    completion ended;
    frond::run_report report;
    frond::run_handle run = frond::plan_for<sum>().prepare().value().run;
};

std::vector<std::string> tasks_of(std::vector<frond::waiting_body> const& waiting) {
    std::vector<std::string> names;
    for (auto const& each : waiting) names.push_back(each.task);
    return names;
}

}  // namespace waiting_bodies_test

using namespace waiting_bodies_test;

TEST_CASE(
    "bodies that wait for something outside the run are told with how long they have waited, collectors are not") {
    for (unsigned const threads : {1U, 4U}) {
        waiting_run of(3, threads);
        of.hours.pass(12s);
        auto const waiting = of.waiting();
        REQUIRE(tasks_of(waiting).size() == 3);  // two children and the expander, not `sum`
        for (auto const& each : waiting) CHECK(each.waited == 12s);
        std::vector<std::string> children;
        for (auto const& each : waiting) children.push_back(each.child);
        std::sort(children.begin(), children.end());
        CHECK(children == std::vector<std::string>{"", "key 0", "key 1"});
    }
}

TEST_CASE("a body that has gone on is not waiting, and waits anew when it is suspended again") {
    for (unsigned const threads : {1U, 4U}) {
        waiting_run of(3, threads);
        of.hours.pass(5s);
        (*things)[0].fire();  // this child ends
        more->fire();         // the expander goes on, and ends; its last child begins to wait
        of.home.run();
        of.hours.pass(1s);
        auto const waiting = of.waiting();
        REQUIRE(waiting.size() == 2);
        CHECK(waiting[0].waited == 6s);
        CHECK(waiting[0].child == "key 1");
        CHECK(waiting[1].waited == 1s);
        CHECK(waiting[1].child.empty());
        (*things)[1].fire();
        (*things)[2].fire();
        of.home.run();
        CHECK(of.ended.times == 1);
        CHECK(of.waiting().empty());
        CHECK(of.report.waiting.empty());  // it was not cancelled
    }
}

TEST_CASE("a few of the bodies that wait are told, those that came first") {
    waiting_run of(200, 1);
    of.hours.pass(1s);
    auto const waiting = of.waiting();
    REQUIRE(waiting.size() == 8);
    CHECK(waiting[0].child == "key 0");
    CHECK(waiting[7].child == "key 7");
}

TEST_CASE("the report of a cancelled run says what the run was waiting for when it was cancelled first") {
    waiting_run of(3, 1);
    of.hours.pass(7s);
    of.run.cancel();
    of.hours.pass(1s);
    of.run.cancel();
    of.home.run();
    REQUIRE(of.ended.times == 1);
    REQUIRE(of.report.waiting.size() == 3);
    for (auto const& each : of.report.waiting) CHECK(each.waited == 7s);
}
