// A hook's turn passes on from run to run, whatever becomes of their contexts.
#include "../../catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#else
#include <asio/bind_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#endif

namespace net = frond::net;

namespace turns {

int one() { return 1; }

/// Waits for ever in its first two calls.
struct slow_hook {
    frond::async<void> before_task(frond::task_event const&) {
        if (++begun > 2) co_return;
        auto const here = co_await frond::this_executor;
        net::steady_timer timer(here, std::chrono::hours(1));
        co_await timer.async_wait(frond::use_async);
    }
    int begun = 0;
};

}  // namespace turns

TEST_CASE("a hook's turn that a run has waited for is passed on when that run's context is destroyed") {
    turns::slow_hook hook;
    auto const plan = frond::plan_for<turns::one>();
    auto const nothing = [](auto const&) {};
    std::optional<net::io_context> first(std::in_place, 1), second(std::in_place, 1);
    net::io_context third(1);
    plan.async_run(hook, net::bind_executor(*first, nothing));
    first->poll();
    plan.async_run(hook, net::bind_executor(*second, nothing));
    second->poll();
    plan.async_run(hook, net::bind_executor(third, nothing));
    third.poll();
    CHECK(hook.begun == 1);
    first.reset();
    second->poll();
    CHECK(hook.begun == 2);
    second.reset();
    third.restart();
    third.poll();
    CHECK(hook.begun == 3);
}
