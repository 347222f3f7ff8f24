// A failure among the children of one batch: what starts after it.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"

#include <cstddef>
#include <stdexcept>

using frond::all;
using frond::arg;
using frond::async;
using frond::in;
using frond::input;

namespace failing_batch {

constexpr int children = 1000;
constexpr int failing = 300;  // when a lane takes many at once

frond::expander<int> number() {
    for (int i = 0; i < children; ++i) co_yield i;
}

int started(int n, int& count) {
    ++count;
    if (n == failing) throw std::runtime_error("three hundred");
    return n;
}
int function(in<number> n, input<"count", int&> count) { return started(*n, *count); }
async<int> coroutine(in<number> n, input<"count", int&> count) { co_return started(*n, *count); }
int before(in<number> n) { return *n; }
int behind(in<before> n, input<"count", int&> count) { return started(*n, *count); }
async<int> coroutine_behind(in<before> n, input<"count", int&> count) { co_return started(*n, *count); }

std::size_t of_function(all<function> of) { return of.size(); }
std::size_t of_behind(all<behind> of) { return of.size(); }
std::size_t of_coroutine(all<coroutine> of) { return of.size(); }
std::size_t of_coroutine_behind(all<coroutine_behind> of) { return of.size(); }

struct listener {
    void after_task(frond::task_event const& event) { told += event.index().has_value(); }
    int told = 0;
};

/// On one thread the children of an expansion come one after the other.
template <auto Collector, class... Hooks>
void check_started(Hooks&... hooks) {
    int count = 0;
    frond::run_report report;
    auto const outcome =
        frond::run_blocking(frond::plan_for<Collector>(), arg<"count">(count), hooks..., report, frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() == "three hundred");
    CHECK(count == failing + 1);
    CHECK(report.children.succeeded == failing);
    CHECK(report.children.failed == 1);
    CHECK(report.children.skipped == report.children.yielded - failing - 1);
    CHECK(report.children.yielded < children);
}

}  // namespace failing_batch

using namespace failing_batch;

TEST_CASE("no child of a batch starts after one of them has failed") {
    SECTION("children of one function") { check_started<of_function>(); }
    SECTION("children of several functions") { check_started<of_behind>(); }
    SECTION("children of one coroutine") { check_started<of_coroutine>(); }
    SECTION("children of which a part is a coroutine") { check_started<of_coroutine_behind>(); }
}

TEST_CASE("no child of a batch that hooks are told of starts after one of them has failed") {
    listener hook;
    SECTION("children of one function") { check_started<of_function>(hook); }
    SECTION("children of several functions") { check_started<of_behind>(hook); }
    SECTION("children of one coroutine") { check_started<of_coroutine>(hook); }
    SECTION("children of which a part is a coroutine") { check_started<of_coroutine_behind>(hook); }
    CHECK(hook.told == failing + 1);
}
