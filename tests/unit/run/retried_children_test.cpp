// Nodes that are tried again, in children of plain functions: such children need no coroutine but for that.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

using frond::all;
using frond::arg;
using frond::in;
using frond::input;

namespace retried {

constexpr int children = 10;

/// How often each node was called for each child.
struct calls {
    std::array<int, children> of_first{};
    std::array<int, children> of_second{};
};

frond::expander<int> number() {
    for (int i = 0; i < children; ++i) co_yield i;
}

/// Fails for a child's first calls, of which there are none, one or two.
int tried(int n, std::array<int, children>& made) {
    if (made[static_cast<std::size_t>(n)]++ < n % 3) throw std::runtime_error("again");
    return n;
}
int first(in<number> n, input<"calls", calls&> made) { return tried(*n, made->of_first); }
int second(in<first> n, input<"calls", calls&> made) { return tried(*n, made->of_second); }
int untried(in<first> n) { return *n; }

int sum_of_first(all<first> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}
int sum_of_second(all<second> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}
int sum_of_untried(all<untried> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}

constexpr int right_sum = children * (children - 1) / 2;

/// The children's numbers leave a remainder of 0, 1 or 2 by three, and fail so often.
constexpr int failures = 0 + 1 + 2 + 0 + 1 + 2 + 0 + 1 + 2 + 0;

template <class Plan>
void check_retries(Plan const& plan, unsigned retries) {
    calls made;
    frond::run_report report;
    auto const outcome = frond::run_blocking(plan, arg<"calls">(made), report, frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == right_sum);
    CHECK(report.retries == retries);
    CHECK(report.children.succeeded == children);
    for (std::size_t i = 0; i < children; ++i) CHECK(made.of_first[i] == static_cast<int>(i % 3) + 1);
}

}  // namespace retried

using namespace retried;

TEST_CASE("the one function of a child is tried again") {
    check_retries(frond::plan_for<sum_of_first>(frond::options().retry<first>(3)), failures);
}

TEST_CASE("the first function of a child is tried again, and the one behind it is called once it has gone well") {
    check_retries(frond::plan_for<sum_of_untried>(frond::options().retry<first>(3)), failures);
}

TEST_CASE("each function of a child is tried again by itself") {
    check_retries(frond::plan_for<sum_of_second>(frond::options().retry<first>(3).retry<second>(3)), 2 * failures);
}

TEST_CASE("the last function of a child is tried again, and the one before it is not called anew") {
    calls made;
    made.of_first.fill(2);  // it goes well at its first call
    frond::run_report report;
    auto const plan = frond::plan_for<sum_of_second>(frond::options().retry<second>(3));
    auto const outcome = frond::run_blocking(plan, arg<"calls">(made), report, frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == right_sum);
    CHECK(report.retries == failures);
    for (std::size_t i = 0; i < children; ++i) {
        CHECK(made.of_first[i] == 3);
        CHECK(made.of_second[i] == static_cast<int>(i % 3) + 1);
    }
}

TEST_CASE("a function of a child that goes on failing fails the run with its last failure, after all its attempts") {
    calls made;
    made.of_second.fill(-10);
    auto const plan = frond::plan_for<sum_of_second>(frond::options().retry<first>(3).retry<second>(3));
    auto const outcome = frond::run_blocking(plan, arg<"calls">(made), frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().node() == "second");
    CHECK(outcome.error().message() == "again");
    CHECK(made.of_second[0] == -10 + 3);
}
