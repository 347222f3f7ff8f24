// A run, an operation in a body, and a spawned coroutine with every kind of completion token.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/experimental/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#else
#include <asio/detached.hpp>
#if __has_include(<asio/as_tuple.hpp>)
#include <asio/as_tuple.hpp>
#include <asio/deferred.hpp>
#else
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
#endif
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#endif

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::async;
using frond::in;
using frond::input;

namespace tokens {

#if defined(FROND_BOOST_ASIO) || !__has_include(<asio/as_tuple.hpp>)
using net::experimental::as_tuple;
using net::experimental::deferred;
#else
using net::as_tuple;
using net::deferred;
#endif

int leaf(input<"n", int> n) { return *n; }
auto plan() { return frond::plan_for<leaf>(); }

async<void> wait(std::chrono::milliseconds time) {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, time);
    co_await timer.async_wait(frond::use_async);
}

async<int> slow(input<"n", int> n) {
    co_await wait(1h);
    co_return *n;
}

async<int> awaits_a_run(input<"n", int> n) {
    auto const outcome = co_await plan().async_run(frond::arg<"n">(*n + 1), frond::use_async);
    co_return outcome.value();
}
async<int> awaits_a_run_elsewhere(input<"pool", net::thread_pool&> pool) {
    auto const outcome = co_await plan().async_run(*pool, frond::arg<"n">(3), frond::use_async);
    co_return outcome.value();
}
async<int> awaits_a_slow_run() {
    auto const outcome = co_await frond::plan_for<slow>().async_run(frond::arg<"n">(1), frond::use_async);
    co_return outcome.value();
}

}  // namespace tokens

TEST_CASE("a body may await a run, which goes on where the body does") {
    auto const outcome = frond::run_blocking<tokens::awaits_a_run>(frond::arg<"n">(1), frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 2);
}

TEST_CASE("a hook may await a run") {
    struct starts_runs {
        async<void> before_task(frond::task_event const&) {
            auto const ended = co_await tokens::plan().async_run(frond::arg<"n">(5), frond::use_async);
            got = ended.value();
        }
        int got = 0;
    } hook;
    CHECK(frond::run_blocking<tokens::leaf>(frond::arg<"n">(1), hook, frond::threads(1)));
    CHECK(hook.got == 5);
}

TEST_CASE("a body may await a run that goes on elsewhere") {
    net::thread_pool pool(1);
    auto const outcome =
        frond::run_blocking<tokens::awaits_a_run_elsewhere>(frond::arg<"pool">(pool), frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 3);
}

TEST_CASE("a run that is awaited in a body is cancelled with the body") {
    net::io_context context(1);
    net::cancellation_signal signal;
    std::optional<frond::error> failure;
    frond::plan_for<tokens::awaits_a_slow_run>().async_run(net::bind_cancellation_slot(
        signal.slot(), net::bind_executor(context, [&](auto const& outcome) { failure = outcome.error(); })));
    context.poll();
    CHECK(!failure);
    signal.emit(net::cancellation_type::terminal);
    context.run();
    REQUIRE(failure);
    CHECK(failure->is_canceled());
}

TEST_CASE("a run that is awaited in a body is destroyed with the context") {
    auto const held = std::make_shared<int>(1);
    struct keeps {
        std::shared_ptr<int> held;
        void before_task(frond::task_event const&) {}
    };
    {
        net::io_context context(1);
        auto const awaits = [](std::shared_ptr<int> of) -> async<int> {
            auto const hook = std::make_shared<keeps>(keeps{of});
            auto const outcome =
                co_await frond::plan_for<tokens::slow>().async_run(frond::arg<"n">(1), hook, frond::use_async);
            co_return outcome.value();
        };
        frond::spawn(context.get_executor(), awaits(held), net::detached);
        context.poll();
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("a run on an executor that is handed in takes a token that has none") {
    net::io_context context(1);
    auto const plan = tokens::plan();
    SECTION("a future") {
        auto future = plan.async_run(context, frond::arg<"n">(1), net::use_future);
        context.run();
        CHECK(future.get().value() == 1);
    }
    SECTION("a future, on a pool") {
        net::thread_pool pool(1);
        CHECK(plan.async_run(pool.get_executor(), frond::arg<"n">(2), net::use_future).get().value() == 2);
    }
    SECTION("a future whose context is destroyed is broken") {
        std::optional<net::io_context> gone(std::in_place, 1);
        auto future = frond::plan_for<tokens::slow>().async_run(*gone, frond::arg<"n">(1), net::use_future);
        gone->poll();
        gone.reset();
        CHECK_THROWS_AS(future.get(), std::future_error);
    }
    SECTION("nobody waits") {
        frond::run_report report;
        plan.async_run(context, frond::arg<"n">(1), report, net::detached);
        context.run();
        CHECK(report.tasks.succeeded == 1);
    }
    SECTION("a callback") {
        int got = 0;
        plan.async_run(context.get_executor(), frond::arg<"n">(4), [&](auto const& outcome) { got = outcome.value(); });
        context.run();
        CHECK(got == 4);
    }
    SECTION("a callback with an executor of its own, on which it is called") {
        net::thread_pool pool(1);
        bool here = false;
        plan.async_run(pool, frond::arg<"n">(4), net::bind_executor(context, [&](auto const&) {
                           here = context.get_executor().running_in_this_thread();
                       }));
        context.run();
        CHECK(here);
    }
}

TEST_CASE("a run takes tokens that adapt others") {
    net::io_context context(1);
    auto const plan = tokens::plan();
    SECTION("deferred") {
        auto later = plan.async_run(context, frond::arg<"n">(1), tokens::deferred);
        int got = 0;
        std::move(later)([&](auto const& outcome) { got = outcome.value(); });
        context.run();
        CHECK(got == 1);
    }
    SECTION("deferred, and started twice: the second time there is no run to begin") {
        auto const later = plan.async_run(context, frond::arg<"n">(1), tokens::deferred);
        int got = 0;
        std::optional<frond::error> refused;
        later([&](auto const& outcome) { got = outcome.value(); });
        later([&](auto const& outcome) { refused = outcome.error(); });
        context.run();
        CHECK(got == 1);
        REQUIRE(refused);
        CHECK(refused->code() == frond::errc::invalid_arguments);
        CHECK(refused->message().starts_with("the run has begun already"));
    }
    SECTION("as a tuple") {
        int got = 0;
        auto const body = [&]() -> net::awaitable<void> {
            auto const ended = co_await plan.async_run(frond::arg<"n">(2), tokens::as_tuple(net::use_awaitable));
            got = std::get<0>(ended).value();
        };
        net::co_spawn(context, body(), net::detached);
        context.run();
        CHECK(got == 2);
    }
    SECTION("a redirected error, of which a run has none") {
        frond::net_error_code code;
        int got = 0;
        plan.async_run(context, frond::arg<"n">(3),
                       net::redirect_error([&](auto const& outcome) { got = outcome.value(); }, code));
        context.run();
        CHECK(got == 3);
    }
    SECTION("a cancellation slot around an awaitable") {
        net::cancellation_signal signal;
        bool canceled = false;
        auto const body = [&]() -> net::awaitable<void> {
            auto const ended = co_await frond::plan_for<tokens::slow>().async_run(
                frond::arg<"n">(2), net::bind_cancellation_slot(signal.slot(), net::use_awaitable));
            canceled = ended.error().is_canceled();
        };
        net::co_spawn(context, body(), net::detached);
        context.poll();
        signal.emit(net::cancellation_type::terminal);
        context.run();
        CHECK(canceled);
    }
}

namespace tokens {

async<std::string> redirected() {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 1h);
    timer.cancel();
    frond::net_error_code code;
    net::steady_timer first(here, 0ms);
    co_await first.async_wait(net::redirect_error(frond::use_async, code));
    if (code) co_return "it failed";
    net::steady_timer second(here, 1h);
    net::post(here, [&second] { second.cancel(); });
    co_await second.async_wait(net::redirect_error(frond::use_async, code));
    co_return code == net::error::operation_aborted ? "aborted" : "it went on";
}

async<bool> as_a_tuple() {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 1h);
    net::post(here, [&timer] { timer.cancel(); });
    auto const ended = co_await timer.async_wait(as_tuple(frond::use_async));
    co_return std::get<0>(ended) == net::error::operation_aborted;
}

}  // namespace tokens

TEST_CASE("an operation in a body may give its error code instead of throwing it") {
    auto const redirected = frond::run_blocking<tokens::redirected>(frond::threads(1));
    REQUIRE(redirected);
    CHECK(redirected.value() == "aborted");
    auto const tuple = frond::run_blocking<tokens::as_a_tuple>(frond::threads(1));
    REQUIRE(tuple);
    CHECK(tuple.value());
}

TEST_CASE("whatever a node may return as a coroutine may be spawned") {
    net::io_context context(1);
    int got = 0;
    auto const take = [&](frond::result<int> const& outcome) { got = outcome ? outcome.value() : -1; };
    SECTION("a value") {
        auto const body = []() -> async<int> { co_return 1; };
        frond::spawn(context.get_executor(), body(), take);
        context.run();
        CHECK(got == 1);
    }
    SECTION("a result") {
        auto const body = []() -> async<frond::result<int>> { co_return 2; };
        frond::spawn(context.get_executor(), body(), take);
        context.run();
        CHECK(got == 2);
    }
    SECTION("a result that is an error") {
        auto const body = []() -> async<frond::result<int>> { co_return frond::error(frond::errc::node_failed, "no"); };
        frond::spawn(context.get_executor(), body(), take);
        context.run();
        CHECK(got == -1);
    }
    SECTION("an asio::awaitable") {
        auto const body = []() -> net::awaitable<int> { co_return 3; };
        frond::spawn(context.get_executor(), body(), take);
        context.run();
        CHECK(got == 3);
    }
    SECTION("nothing") {
        auto const body = []() -> async<void> { co_return; };
        frond::spawn(context.get_executor(), body(),
                     [&](frond::result<void> const& outcome) { got = outcome ? 4 : -1; });
        context.run();
        CHECK(got == 4);
    }
}
