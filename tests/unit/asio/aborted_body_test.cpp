// Bodies whose own operation was aborted have failed, whatever the code of their error. Cancelled are only those whose run
// was cancelled.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;
using frond::async;
using frond::error;
using frond::value;

namespace aborted_body {

// All of them are aborted, or say that they are, though nobody cancels their run.
async<int> timed(value<int>) {
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer operation(here, 1h), limit(here, 1ms);
    limit.async_wait([&](auto failed) {
        if (!failed) operation.cancel();
    });
    co_await operation.async_wait(frond::use_async);
    co_return 1;
}
async<int> throws_code(value<int>) {
    throw std::system_error(std::make_error_code(std::errc::operation_canceled), "my lock");
    co_return 1;
}
int plain_throws_code(value<int>) {
    throw std::system_error(std::make_error_code(std::errc::operation_canceled), "my lock");
}
frond::result<int> returns_code(value<int>) {
    return error(std::make_error_code(std::errc::operation_canceled), "my lock");
}
async<frond::result<int>> returns_cancellation(value<int>) { co_return error::canceled(); }
async<int> throws_cancellation(value<int>) {
    throw error::canceled();
    co_return 1;
}
async<int> throws_result(value<int>) {
    throw frond::bad_result(error::canceled());  // as `value()` of the result of another run does
    co_return 1;
}

/// A child with this body; `total` collects values, `told` tells how the child ended.
template <class Body>
frond::named_plan plan_of(Body body, std::string wanted, unsigned attempts = 1) {
    frond::graph_builder made;
    made.add("child", []() -> frond::expander<int> { co_yield 0; }, {});
    made.add("body", body, {"child"});
    made.add("total", [](frond::list<int> of) { return static_cast<int>(of.size()); }, {"body"});
    made.add("told",
             [](frond::list<frond::result<int>> of) {
                 frond::result<int> const& only = of[0];
                 if (only) return std::string("a value");
                 return (only.error().is_canceled() ? "cancelled: " : "failed: ") + only.error().to_string();
             },
             {"body"});
    frond::plan_options options;
    options.wanted = {std::move(wanted)};
    if (attempts > 1) options.retries = {{"body", {attempts, {}}}};
    return frond::plan_for(std::move(made).build().value(), options);
}

/// Notes how tasks and attempts ended.
struct watch {
    std::string seen{};
    void after_node(frond::node_event const& event) { note(event.state, event.failure); }
    void after_task(frond::task_event const& event) { note(event.state, event.failure); }
    void on_retry(frond::retry_event const& event) { note(frond::task_state::failed, event.failure); }
    void note(frond::task_state state, std::optional<error> const& failure) {
        if (state == frond::task_state::succeeded) return;
        if (!failure) {
            if (state != frond::task_state::cancelled) seen += "failed without an error; ";
            return;
        }
        seen += std::string(to_string(state)) + (failure->is_canceled() ? " as a cancellation; " : "; ");
    }
};

template <class Body>
void check_has_failed(Body body, std::string const& text) {
    watch seen;
    frond::run_report report;
    auto const outcome = frond::run_blocking(plan_of(body, "total"), seen, report, frond::threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() == text);
    CHECK(outcome.error().code() == std::errc::operation_canceled);
    CHECK_FALSE(outcome.error().is_canceled());
    CHECK_FALSE(outcome.error().task().empty());
    CHECK(report.children.failed == 1);
    CHECK(report.children.cancelled == 0);
    CHECK(seen.seen == "failed; failed; ");

    watch retried;
    CHECK_FALSE(frond::run_blocking(plan_of(body, "total", 2), retried, report, frond::threads(1)));
    CHECK(report.retries == 1);
    CHECK(report.children.failed == 1);
    CHECK(retried.seen == "failed; failed; failed; failed; ");

    auto const as_value = frond::run_blocking(plan_of(body, "told"), frond::threads(1));
    REQUIRE(as_value);
    CHECK(as_value.value().template get<std::string>("told").find("failed: " + text) == 0);
}

enum class ending { as_it_came, with_the_code, otherwise };

/// Waits until it is interrupted, and ends as it was told.
async<int> interrupted(frond::input<"ends", ending> ends) {
    try {
        auto const here = co_await frond::this_executor;
        frond::net::steady_timer timer(here, 24h);
        co_await timer.async_wait(frond::use_async);
    } catch (std::system_error const&) {
        if (*ends == ending::as_it_came) throw;
        if (*ends == ending::otherwise) throw std::runtime_error("could not clean up");
        throw std::system_error(std::make_error_code(std::errc::operation_canceled), "my lock");
    }
    co_return 1;
}

struct cancelled_run {
    frond::run_report report{};
    std::optional<error> failure{};
};
cancelled_run cancel_while_it_waits(ending ends) {
    cancelled_run made;
    frond::net::io_context context;
    frond::net::cancellation_signal signal;
    auto const plan = frond::plan_for<interrupted>();
    plan.async_run(frond::arg<"ends">(ends), made.report,
                   frond::net::bind_cancellation_slot(
                       signal.slot(), frond::net::bind_executor(context, [&made](frond::result<int> const& outcome) {
                           if (!outcome) made.failure = outcome.error();
                       })));
    context.poll();
    signal.emit(frond::net::cancellation_type::terminal);
    context.restart();
    context.run();
    return made;
}

}  // namespace aborted_body

using namespace aborted_body;

TEST_CASE(
    "a body whose own timer aborts its operation has failed, in the outcome, events, report, retry and as a value") {
    check_has_failed(&timed, "Operation canceled");
}

TEST_CASE("a body that fails with the code of cancelled operations has failed, and its text is kept") {
    check_has_failed(&throws_code, "my lock: Operation canceled");
    check_has_failed(&plain_throws_code, "my lock: Operation canceled");
    check_has_failed(&returns_code, "my lock");
}

TEST_CASE("the cancellation of something else is a failure of the body that gives or throws it") {
    check_has_failed(&returns_cancellation, "Operation canceled");
    check_has_failed(&throws_cancellation, "Operation canceled");
    check_has_failed(&throws_result, "Operation canceled");
}

TEST_CASE("a body that is interrupted by its run's cancellation and ends with that is cancelled") {
    for (ending const ends : {ending::as_it_came, ending::with_the_code}) {
        auto const run = cancel_while_it_waits(ends);
        REQUIRE(run.failure);
        CHECK(run.failure->is_canceled());
        CHECK(run.failure->code() == std::errc::operation_canceled);
        CHECK(run.failure->others().empty());
        CHECK(run.report.tasks.cancelled == 1);
        CHECK(run.report.tasks.failed == 0);
    }
}

TEST_CASE("a body that is interrupted and fails with something else has failed, in a run that was cancelled") {
    auto const run = cancel_while_it_waits(ending::otherwise);
    REQUIRE(run.failure);
    CHECK(run.failure->is_canceled());
    CHECK(run.failure->code() == std::errc::operation_canceled);
    REQUIRE(run.failure->others().size() == 1);
    CHECK(run.failure->others()[0].message() == "could not clean up");
    CHECK(run.report.tasks.failed == 1);
    CHECK(run.report.tasks.cancelled == 0);
}

TEST_CASE("a spawned coroutine was cancelled if its slot said so, and not because its own operation was aborted") {
    struct work {
        static async<int> wait_for(frond::duration limit) {
            auto const here = co_await frond::this_executor;
            frond::net::steady_timer operation(here, 24h), alarm(here, limit);
            alarm.async_wait([&](auto failed) {
                if (!failed) operation.cancel();
            });
            co_await operation.async_wait(frond::use_async);
            co_return 1;
        }
    };
    for (bool const cancels : {false, true}) {
        frond::net::io_context context;
        frond::net::cancellation_signal signal;
        std::optional<error> failure;
        frond::spawn(context.get_executor(), work::wait_for(cancels ? frond::duration(24h) : frond::duration(1ms)),
                     frond::net::bind_cancellation_slot(signal.slot(), [&](frond::result<int> const& outcome) {
                         if (!outcome) failure = outcome.error();
                     }));
        context.poll();
        if (cancels) signal.emit(frond::net::cancellation_type::terminal);
        context.restart();
        context.run();
        REQUIRE(failure);
        CHECK(failure->code() == std::errc::operation_canceled);
        CHECK(failure->is_canceled() == cancels);
    }
}
