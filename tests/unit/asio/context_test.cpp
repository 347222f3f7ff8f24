// The context of a body holds wherever its code goes on, and an interceptor is told where next() cannot be awaited.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/use_awaitable.hpp>
#else
#include <asio/use_awaitable.hpp>
#endif

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::async;
using frond::in;

namespace context {

using seen = std::vector<std::string>;

std::string here() { return frond::this_task::id().to_string(); }

async<seen> helper() {
    seen told{here()};
    net::steady_timer timer(co_await frond::this_executor, 0ms);
    co_await timer.async_wait(frond::use_async);
    told.push_back(here());
    co_return told;
}

async<seen> spawner() {
    auto const on = co_await frond::this_executor;
    auto spawned = frond::spawn(on, helper(), frond::use_async);
    seen told = (co_await spawned).value();
    told.push_back(here());
    co_return told;
}

net::awaitable<seen> foreign() {
    seen told{here()};
    net::steady_timer timer(co_await net::this_coro::executor, 0ms);
    co_await timer.async_wait(net::use_awaitable);
    told.push_back(here());
    auto const inner = []() -> net::awaitable<std::string> {
        net::steady_timer later(co_await net::this_coro::executor, 0ms);
        co_await later.async_wait(net::use_awaitable);
        co_return here();
    };
    told.push_back(co_await inner());
    co_return told;
}

frond::expander<int> item() {
    for (int i = 0; i < 2; ++i) co_yield i;
}
async<std::string> late(in<item> which) {
    net::steady_timer timer(co_await frond::this_executor, std::chrono::milliseconds(2 - *which));
    co_await timer.async_wait(frond::use_async);
    co_return here();
}
seen all_late(frond::all<late> of) { return {of.begin(), of.end()}; }

async<int> one() {
    net::steady_timer timer(co_await frond::this_executor, 0ms);
    co_await timer.async_wait(frond::use_async);
    co_return 1;
}

}  // namespace context

TEST_CASE("a coroutine that a body spawns and awaits is a part of the body's task") {
    auto const outcome = frond::run_blocking<context::spawner>(frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == context::seen{"spawner", "spawner", "spawner"});
}

TEST_CASE("an asio::awaitable is a part of its task after each await") {
    auto const outcome = frond::run_blocking<context::foreign>(frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == context::seen{"foreign", "foreign", "foreign"});
}

TEST_CASE("bodies that wait at once each find their own task when they go on") {
    auto const outcome = frond::run_blocking<context::all_late>(frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == context::seen{"expand-item.0.block-item", "expand-item.1.block-item"});
}

TEST_CASE("an interceptor that awaits next() in a coroutine that it has spawned is told so") {
    struct wraps_node {
        async<void> around_node(frond::node_call& call) {
            auto const on = co_await frond::this_executor;
            auto inside = frond::spawn(on, call.next(), frond::use_async);
            static_cast<void>(co_await inside);
        }
    } node;
    auto const of_node = frond::run_blocking<context::one>(node, frond::threads(1));
    REQUIRE(!of_node);
    CHECK(of_node.error().message().find("an interceptor awaits next() in a coroutine that runs by itself") == 0);
    struct wraps_task {
        async<void> around_task(frond::task_call& call) {
            auto const on = co_await frond::this_executor;
            auto inside = frond::spawn(on, call.next(), frond::use_async);
            static_cast<void>(co_await inside);
        }
    } task;
    auto const of_task = frond::run_blocking<context::one>(task, frond::threads(1));
    REQUIRE(!of_task);
    CHECK(of_task.error().message().find("an interceptor awaits next() in a coroutine that runs by itself") == 0);
}

TEST_CASE("a hook's method may be an asio::awaitable") {
    struct waits {
        net::awaitable<void> after_task(frond::task_event const&) {
            net::steady_timer timer(co_await net::this_coro::executor, 0ms);
            co_await timer.async_wait(net::use_awaitable);
            ++told;
        }
        int told = 0;
    } hook;
    CHECK(frond::run_blocking<context::one>(hook, frond::threads(1)));
    CHECK(hook.told == 1);
}
