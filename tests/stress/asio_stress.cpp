// Bodies that await Asio's own operations on several threads: they end on any of them, and a cancellation reaches every one.
#include "run_on.hpp"

#include "frond/asio/this_executor.hpp"
#include "frond/asio/use_async.hpp"

#include "../catch.hpp"

#include <chrono>
#include <thread>

using namespace frond;
using namespace std::chrono_literals;
using number = std::uint64_t;

namespace {

constexpr number children = 2000;
constexpr number rounds = 20;

bool never_ends(number child) { return child % 4 == 0; }

async<number> waits(number child) {
    auto const here = co_await this_executor;
    net::steady_timer timer(here);
    for (int i = 0; i < 3; ++i) {
        timer.expires_after(never_ends(child) && i == 2 ? duration(24h) : duration(child % 7 * 10us));
        co_await timer.async_wait(use_async);
    }
    co_return child;
}

graph_builder waiting_children() {
    graph_builder made;
    made.add("each", []() -> expander<number> {
        for (number i = 0; i < children; ++i) co_yield i;
    });
    made.add("waits", [](value<number> n) { return waits(*n); }, {"each"});
    made.add("sum",
             [](stream<number> values) -> async<number> {
                 number sum = 0;
                 while (auto next = co_await values.next()) sum += *next;
                 co_return sum;
             },
             {"waits"});
    return made;
}

}  // namespace

TEST_CASE("children that await Asio's timers on several threads all end, those that never would by a cancellation") {
    auto const planned = stress::plan_of(waiting_children(), "sum", children);
    for (number round = 0; round < rounds; ++round) {
        stress::crew crew(4);
        stress::ending end;
        auto const run = crew.begin(planned, end);
        // From the first rounds' cancellation in the midst of the children to the last rounds' when only endless ones are left.
        number const enough = 3 * children / 4 * (round + 1) / rounds;
        std::thread foreign([&run, enough] {
            while (run.progress().expansions[0].children.succeeded < enough) std::this_thread::yield();
            run.cancel();
        });
        end.wait();
        foreign.join();
        REQUIRE(end.times == 1);
        REQUIRE(end.failure);
        REQUIRE(end.failure->is_canceled());
        auto const& counted = end.progress.expansions[0].children;
        REQUIRE(counted.running == 0);
        REQUIRE(counted.yielded == counted.ended());
        REQUIRE(counted.succeeded >= enough);
        REQUIRE(counted.failed == 0);
    }
}
