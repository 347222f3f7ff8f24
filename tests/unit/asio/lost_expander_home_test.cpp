// Expanders inside interceptors, on a context of their own that is destroyed in mid-run.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::async;
using frond::each;
using frond::expander;
using frond::node_call;

namespace lost_expander_home {

async<void> wait_for_long() {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 24h);
    co_await timer.async_wait(frond::use_async);
}

int alive = 0;
struct counted {
    counted() { ++alive; }
    counted(counted const&) = delete;
    ~counted() { --alive; }
};

expander<int> endless() {
    for (int i = 1;; ++i) co_yield i;
}
bool may_go = false;
async<int> first(each<endless> of) {
    int const value = *co_await of.next();
    may_go = true;
    co_return value;
}

expander<int> stuck() {
    counted const local;
    may_go = true;
    co_await wait_for_long();
    co_yield 1;
}
async<int> first_of_stuck(each<stuck> of) { co_return *co_await of.next(); }

struct around {
    async<void> around_node(node_call& call) { return call.event().name() == "stuck" ? counting(call) : call.next(); }
    static async<void> counting(node_call& call) {
        counted const local;
        co_await call.next();
    }
};

/// Runs both contexts by turns until the second one may go, destroys that, and gives how many are alive then.
template <auto Wanted, auto Expander>
int lose_home(std::optional<frond::result<int>>& outcome) {
    alive = 0;
    may_go = false;
    around hook;
    std::optional<net::io_context> there(std::in_place, 1);
    net::io_context context(1);
    auto const plan = frond::plan_for<Wanted>(
        frond::options().template on<Expander>(frond::share_executor(there->get_executor(), 1)));
    plan.async_run(hook, net::bind_executor(context, [&](frond::result<int> how) { outcome = std::move(how); }));
    while (!may_go) {
        there->restart();
        there->poll();
        context.restart();
        context.poll();
    }
    there.reset();
    int const left = alive;
    context.restart();
    context.run();
    return left;
}

}  // namespace lost_expander_home

using namespace lost_expander_home;

TEST_CASE("an expander that nobody wants more of has not failed when its executor goes while its interceptors end") {
    std::optional<frond::result<int>> outcome;
    lose_home<first, endless>(outcome);
    REQUIRE(outcome);
    REQUIRE(*outcome);
    CHECK(outcome->value() == 1);
}

TEST_CASE("an expander inside interceptors is destroyed with its executor's context, not after it") {
    std::optional<frond::result<int>> outcome;
    CHECK(lose_home<first_of_stuck, stuck>(outcome) == 0);
    REQUIRE(outcome);
    REQUIRE_FALSE(*outcome);
    CHECK(outcome->error().code() == frond::errc::abandoned);
    CHECK(outcome->error().node() == "stuck");
}
