// The ends of interceptors around an expander that is cancelled, or of which nobody wants more.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>
#include <string>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/bind_cancellation_slot.hpp>
#else
#include <asio/bind_cancellation_slot.hpp>
#endif

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::all;
using frond::async;
using frond::each;
using frond::expander;
using frond::node_call;
using frond::plan_for;
using frond::run_blocking;
using frond::threads;

namespace cut_short_expanders {

async<void> rest() {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 0ms);
    co_await timer.async_wait(frond::use_async);
}

expander<int> endless() {
    for (int i = 0;; ++i) {
        co_await rest();
        co_yield i;
    }
}
async<int> first_two(each<endless> of) {
    int sum = 0;
    for (int i = 0; i < 2; ++i) sum += *co_await of.next();
    co_return sum;
}
bool waits = false;
expander<int> stuck() {
    co_yield 1;
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 24h);
    waits = true;
    co_await timer.async_wait(frond::use_async);
}
async<int> first_of_stuck(each<stuck> of) {
    int const first = *co_await of.next();
    while (!waits) co_await rest();
    co_return first;
}
int all_of_them(all<endless> of) { return static_cast<int>(of.size()); }

struct how_it_ended {
    std::optional<std::string> text{};
    std::optional<frond::task_state> told{};
    async<void> around_node(node_call& call) {
        co_await call.next();
        if (call.event().name() != "endless" && call.event().name() != "stuck") co_return;
        text = call.failure() == nullptr ? "whole" : call.failure()->is_canceled() ? "cancelled" : "failed";
    }
    void after_task(frond::task_event const& event) {
        if (event.purpose == frond::purpose::expand) told = event.state;
    }
};

}  // namespace cut_short_expanders

using namespace cut_short_expanders;

TEST_CASE("interceptors around an expander come to their end when nobody wants more of it") {
    how_it_ended hook;
    SECTION("between two of its values") {
        auto const sum = run_blocking<first_two>(hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 1);
    }
    SECTION("while it waits") {
        waits = false;
        auto const first = run_blocking<first_of_stuck>(hook, threads(1));
        REQUIRE(first);
        CHECK(first.value() == 1);
    }
    CHECK(hook.text == "whole");
    CHECK(hook.told == frond::task_state::succeeded);
}

TEST_CASE("interceptors around an expander are told that it was cancelled") {
    how_it_ended hook;
    net::io_context context;
    net::cancellation_signal signal;
    std::optional<frond::error> failure;
    plan_for<all_of_them>().async_run(
        context, hook, net::bind_cancellation_slot(signal.slot(), [&](auto outcome) { failure = outcome.error(); }));
    net::steady_timer timer(context, 2ms);
    timer.async_wait([&](auto) { signal.emit(net::cancellation_type::terminal); });
    context.run();
    REQUIRE(failure);
    CHECK(failure->is_canceled());
    CHECK(hook.text == "cancelled");
    CHECK(hook.told == frond::task_state::cancelled);
}
