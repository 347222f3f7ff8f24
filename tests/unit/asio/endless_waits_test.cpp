// Waits that are for ever, on Asio's timers: they end by a cancellation alone.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace endless_waits {

using namespace std::chrono_literals;
using frond::async;

constexpr auto forever = std::chrono::hours::max();

int failing() { throw std::runtime_error("no luck"); }

struct counting {
    void on_retry(frond::retry_event const& event) {
        ++retries;
        delay = event.delay;
    }
    int retries = 0;
    frond::duration delay{};
};

/// Holds each node back by so much.
struct holding {
    async<void> around_node(frond::node_call& call) {
        async<void> waiting = call.wait(time);
        co_await waiting;
        async<void> inner = call.next();
        co_await inner;
    }
    frond::time_span time;
};

/// Runs the plan until nothing more happens by itself, then cancels it. Gives how it ended.
template <class Plan, class Hook>
std::string cancelled(Plan const& plan, Hook& hook) {
    frond::net::io_context context;
    frond::net::cancellation_signal signal;
    std::optional<std::string> ended;
    plan.async_run(hook, frond::net::bind_cancellation_slot(
                             signal.slot(), frond::net::bind_executor(context, [&](frond::result<int> const& outcome) {
                                 ended = outcome                         ? "succeeded"
                                         : outcome.error().is_canceled() ? "cancelled"
                                                                         : std::string(outcome.error().message());
                             })));
    context.poll();
    if (ended) return "before it was cancelled: " + *ended;
    context.restart();
    signal.emit(frond::net::cancellation_type::terminal);
    context.run();
    return ended.value_or("not at all");
}

struct noted_alarm : frond::alarm {
    noted_alarm(frond::executor& home, frond::time_point at)
        : alarm([](frond::work& self) noexcept { ++static_cast<noted_alarm&>(self).come; }) {
        on = &home;
        when = at;
    }
    int come = 0;
};

}  // namespace endless_waits

using namespace endless_waits;

TEST_CASE("a clock of Asio waits for the end of time, and can be told not to") {
    frond::net::io_context context;
    frond::asio_executor home(context.get_executor());
    frond::asio_clock clock(context.get_executor());
    noted_alarm endless(home, frond::time_point::max());
    noted_alarm now(home, clock.now());
    clock.wait(endless);
    clock.wait(now);
    while (now.come == 0) context.run_one();
    context.poll();
    CHECK(endless.come == 0);
    CHECK(clock.cancel(endless));
    context.run();
    CHECK(endless.come == 0);
}

TEST_CASE("a retry after for ever waits until it is cancelled") {
    counting hook;
    CHECK(cancelled(frond::plan_for<failing>(frond::options().retry<failing>(5, forever)), hook) == "cancelled");
    CHECK(hook.retries == 1);
    CHECK(hook.delay == frond::duration::max());
}

TEST_CASE("an interceptor may wait for ever, and does not wait for a time that has passed") {
    holding endless{forever};
    CHECK(cancelled(frond::plan_for<failing>(), endless) == "cancelled");
    holding passed{-1h};
    CHECK(cancelled(frond::plan_for<failing>(), passed) == "before it was cancelled: no luck");
}
