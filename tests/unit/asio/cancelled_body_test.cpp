// Bodies that wait for Asio when their run is cancelled.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace std::chrono_literals;
using frond::async;
using frond::each;
using frond::in;

namespace cancelled_body {

frond::expand<std::vector<int>> child() { return frond::expand(std::vector<int>{0, 1, 2, 3}); }

async<int> late(in<child> which) {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, *which == 3 ? 1ms : 1h);
    co_await timer.async_wait(frond::use_async);
    if (*which == 3) throw std::runtime_error("no luck");
    co_return 1;
}

/// The same as Asio's coroutine.
frond::net::awaitable<int> late_foreign(in<child> which) {
    frond::net::steady_timer timer(co_await frond::net::this_coro::executor, *which == 3 ? 1ms : 1h);
    co_await timer.async_wait(frond::net::use_awaitable);
    if (*which == 3) throw std::runtime_error("no luck");
    co_return 1;
}

template <auto Body>
async<int> total(each<Body> values) {
    int sum = 0;
    while (auto next = co_await values.next()) sum += *next;
    co_return sum;
}

struct last_counters {
    void after_run(frond::run_event const& event) { last = event.progress; }
    std::optional<frond::progress> last;
};

template <auto Wanted>
void check_one_failure() {
    last_counters seen;
    auto const outcome = frond::run_blocking<Wanted>(seen);
    REQUIRE(!outcome);
    CHECK(outcome.error().message() == "no luck");
    CHECK(outcome.error().others().empty());
    REQUIRE(seen.last);
    REQUIRE(seen.last->failures.size() == 1);
    CHECK(seen.last->expansions.at(0).children.failed == 1);
    CHECK(seen.last->expansions.at(0).children.cancelled == 3);
}

}  // namespace cancelled_body

template <>
inline constexpr std::string_view frond::node_name<cancelled_body::total<cancelled_body::late>> = "total";
template <>
inline constexpr std::string_view frond::node_name<cancelled_body::total<cancelled_body::late_foreign>> =
    "total_foreign";

TEST_CASE("a body whose Asio operation ends by the run's cancellation is cancelled, not failed") {
    cancelled_body::check_one_failure<cancelled_body::total<cancelled_body::late>>();
}

TEST_CASE("an asio::awaitable that the run's cancellation ends is cancelled, not failed") {
    cancelled_body::check_one_failure<cancelled_body::total<cancelled_body::late_foreign>>();
}
