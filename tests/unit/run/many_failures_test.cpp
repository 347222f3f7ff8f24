// A run in which many tasks fail: which failure is the run's, and what becomes of the others.
#include "catch.hpp"
#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using frond::async;
using frond::in;

namespace many_failures {

constexpr int children = 20;

frond::expander<int> number() {
    for (int i = 0; i < children; ++i) co_yield i;
}
/// The last one fails at once. The others wait until that interrupts them, and fail for reasons of their own.
async<int> failing(in<number> n) {
    int const mine = *n;
    if (mine + 1 < children) {
        auto const here = co_await frond::this_executor;
        frond::net::steady_timer timer(here, std::chrono::hours(24));
        try {
            co_await timer.async_wait(frond::use_async);
        } catch (std::exception const&) {
            // It is interrupted, as it was to be.
        }
    }
    throw std::runtime_error("number " + std::to_string(mine));
}
std::size_t collected(frond::all<failing> of) { return of.size(); }

struct listener {
    void after_run(frond::run_event const& event) { last = event.progress; }
    std::optional<frond::progress> last;
};

}  // namespace many_failures

TEST_CASE("the first failure is the run's, and the others are attached or counted") {
    using namespace many_failures;
    listener hook;
    auto const outcome = frond::run_blocking<collected>(hook, frond::threads(1));
    REQUIRE_FALSE(outcome);
    frond::error const& failure = outcome.error();
    CHECK(failure.message() == "number 19");
    CHECK(failure.task() == "expand-number.19.block-number");
    CHECK(failure.node() == "failing");
    CHECK(failure.others().size() == 15);
    CHECK(failure.others_dropped() == children - 16);
    for (auto const& other : failure.others()) {
        CHECK(other.message() != "number 19");
        CHECK(other.node() == "failing");
        CHECK(other.others().empty());
    }
    REQUIRE(hook.last);
    CHECK(hook.last->failures_total == children);
    REQUIRE(hook.last->failures.size() == 16);
    CHECK(hook.last->failures[0].message() == "number 19");
}
