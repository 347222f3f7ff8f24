// A run that waits: bodies that block, and what a collector of results gets.
#include "frond/run/run_blocking.hpp"
#include "../run/picky.hpp"
#include "catch.hpp"

#include <cstdint>
#include <future>
#include <string>
#include <utility>
#include <vector>

using frond::all;
using frond::all_results;
using frond::async;
using frond::each_result;
using frond::expander;
using frond::in;
using frond::input;

namespace blocking {

frond::result<int> failing() { return frond::error(frond::errc::node_failed, "no luck"); }

int slowly(input<"number", int> n) { return *n + 1; }

/// Yields another one only when the child of the first has run.
expander<int> patient(input<"ran", std::promise<void>&> ran) {
    co_yield 1;
    bool const has_run = ran->get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    co_yield has_run ? 2 : 1000;
}
int child(in<patient> n, input<"ran", std::promise<void>&> ran) {
    if (*n == 1) ran->set_value();
    return *n;
}
int sum(all<child> of) {
    int made = 0;
    for (int const each : of) made += each;
    return made;
}

expander<int> number() {
    for (int i = 0; i < 5; ++i) co_yield i;
}
picky made(in<number> n) { return picky(*n); }
std::pair<int, int> counted(all_results<made> of) {
    std::pair<int, int> right_and_wrong;
    for (auto const& each : of) ++(each ? right_and_wrong.first : right_and_wrong.second);
    return right_and_wrong;
}
async<int> streamed(each_result<made> of) {
    int got = 0;
    while (auto next = co_await of.next()) ++got;
    co_return got;
}

}  // namespace blocking

TEST_CASE("a number of threads that no run can have is refused, together with what else is wrong") {
    auto const plan = frond::plan_for<blocking::slowly>();
    for (unsigned const count : {0U, 65537U, static_cast<unsigned>(-1)}) {
        auto const outcome = frond::run_blocking(plan, frond::arg<"number">(1), frond::threads(count));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().code() == frond::errc::invalid_arguments);
        CHECK(outcome.error().message() == "threads(" + std::to_string(count) +
                                               ") is given; say 1 to 65536, or leave it out for as many as the machine "
                                               "has processors");
    }
    frond::run_report first, second;
    auto const both = frond::run_blocking(plan, frond::arg<"number">(1), first, second, frond::threads(0));
    REQUIRE_FALSE(both);
    CHECK(both.error().message().starts_with("two run_reports are given; a run fills in one\nthreads(0) is given"));
    auto const planless = frond::plan_for<blocking::slowly>(frond::options().limit(0));
    CHECK(frond::run_blocking(planless, frond::arg<"number">(1), frond::threads(0)).error().code() ==
          frond::errc::invalid_plan);
    CHECK_FALSE(frond::detail::refuse_threads(1, nullptr));
    CHECK_FALSE(frond::detail::refuse_threads(65536, nullptr));
}

TEST_CASE("attempts are counted as far as they go") {
    struct last_attempt {
        void on_retry(frond::retry_event const& event) { last = event.attempt; }
        std::uint32_t last = 0;
    };
    last_attempt hook;
    constexpr std::uint32_t attempts = 70'000;
    auto const plan = frond::plan_for<blocking::failing>(frond::options().retry<blocking::failing>(attempts));
    CHECK_FALSE(frond::run_blocking(plan, hook, frond::threads(1)));
    CHECK(hook.last == attempts - 1);
}

TEST_CASE("a blocking run waits for a body that runs elsewhere") {
    auto const plan = frond::plan_for<blocking::slowly>(frond::options().blocking<blocking::slowly>());
    for (int i = 0; i < 100; ++i) {
        CHECK(frond::run_blocking(plan, frond::arg<"number">(i), frond::threads(1)).value() == i + 1);
    }
}

TEST_CASE("a child starts before its expander, which blocks, yields the next") {
    std::promise<void> ran;
    auto const plan = frond::plan_for<blocking::sum>(frond::options().blocking<blocking::patient>());
    CHECK(frond::run_blocking(plan, frond::arg<"ran">(ran), frond::threads(1)).value() == 3);
}

namespace {

template <class Plan>
void check_one_is_not_copied(Plan const& plan) {
    frond::run_report report;
    auto const outcome = frond::run_blocking(plan, report, frond::threads(1));
    REQUIRE(outcome);
    auto const [right, wrong] = outcome.value().template get<blocking::counted>();
    CHECK(right + wrong == 5);
    CHECK(outcome.value().template get<blocking::streamed>() == 5);
    CHECK(wrong <= 1);
    // The task went well: what failed is to hand on what it made.
    CHECK(report.children.succeeded == 4);
    CHECK(report.children.failed == 1);
    CHECK(report.tasks.succeeded == 1 + 5 + 2);
    CHECK(report.tasks.failed == 0);
}

}  // namespace

TEST_CASE("a child whose value cannot be copied is a failure for the collectors that have not got it") {
    check_one_is_not_copied(frond::plan_for<blocking::counted, blocking::streamed>());
    // The same of children that end apart from their lane.
    check_one_is_not_copied(
        frond::plan_for<blocking::counted, blocking::streamed>(frond::options().blocking<blocking::made>()));
}
