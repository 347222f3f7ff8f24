// Runs that fail, are cancelled, or try again.
#include "graphs.hpp"

#include <chrono>
#include <stdexcept>

namespace scarce {

using frond::arg;
using namespace std::chrono_literals;

namespace nodes {

inline int third_fails(frond::in<number> n) {
    if (*n == 3) throw std::runtime_error("the third one, with a text that is long enough to need memory");
    return *n;
}
inline int sum_of_thirds(frond::all<third_fails> all) { return static_cast<int>(all.size()); }

inline frond::async<frond::result<int>> all_fail(frond::in<number> n) {
    if (*n > 0)
        co_return frond::error(frond::errc::node_failed, "each fails, with a text that is long enough to need memory");
    co_return 0;
}
inline frond::async<int> sum_of_none(frond::each<all_fail> all) {
    int sum = 0;
    while (auto next = co_await all.next()) sum += *next;
    co_return sum;
}

inline frond::expander<int> fails_late(frond::input<"count", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
    throw std::runtime_error("an expander, with a text that is long enough to need memory");
}
inline int late_child(frond::in<fails_late> n) { return *n; }
inline int late_sum(frond::all<late_child> all) { return static_cast<int>(all.size()); }

inline frond::expander<int> second_beginning(frond::input<"count", int> count) {
    if (frond::this_task::attempt() == 1)
        throw std::runtime_error("the first beginning, with a long text, needs memory");
    for (int i = 1; i <= *count; ++i) co_yield i;
}
inline int late_beginner(frond::in<second_beginning> n) { return *n; }
inline int sum_of_late(frond::all<late_beginner> all) {
    int sum = 0;
    for (int each : all) sum += each;
    return sum;
}

inline int second_try(frond::in<number> n) {
    if (*n % 2 == 0 && frond::this_task::attempt() == 1)
        throw std::runtime_error("the first try, with a long text, needs memory");
    return *n;
}
inline int sum_of_tries(frond::all<second_try> all) {
    int sum = 0;
    for (int each : all) sum += each;
    return sum;
}
inline frond::async<int> second_wait(frond::in<number> n) {
    int const value = *n;
    if (frond::this_task::attempt() == 1) throw 1;
    auto inner = twice(value);
    co_return co_await inner;
}
inline frond::async<int> sum_of_waits(frond::each<second_wait> all) {
    int sum = 0;
    while (auto next = co_await all.next()) sum += *next;
    co_return sum;
}

inline frond::async<int> for_ever(frond::in<number> n) {
    int const value = *n;
    auto const here = co_await frond::this_executor;
    frond::net::steady_timer timer(here, 24h);
    co_await timer.async_wait(frond::use_async);
    co_return value;
}
inline frond::async<int> never(frond::each<for_ever> all) {
    int sum = 0;
    while (auto next = co_await all.next()) sum += *next;
    co_return sum;
}

}  // namespace nodes

auto const failed = frond::make_error_code(frond::errc::node_failed);
auto const canceled = std::make_error_code(std::errc::operation_canceled);

SCENARIO("a child that throws") {
    return judge_failure(run_here(frond::plan_for<nodes::sum_of_thirds>(), arg<"count">(10)), failed);
}

SCENARIO("children that all fail, with a report") {
    frond::run_report report;
    return judge_failure(run_here(frond::plan_for<nodes::sum_of_none>(), arg<"count">(10), report), failed);
}

SCENARIO("an expander that throws") {
    return judge_failure(run_here(frond::plan_for<nodes::late_sum>(), arg<"count">(5)), failed);
}

SCENARIO("retries at once") {
    auto const plan = frond::plan_for<nodes::sum_of_tries>(frond::options().retry<nodes::second_try>(3));
    return judge(run_here(plan, arg<"count">(10)), 55);
}

SCENARIO("retries after a delay") {
    auto const plan = frond::plan_for<nodes::sum_of_waits>(frond::options().retry<nodes::second_wait>(3, 100us));
    return judge(run_here(plan, arg<"count">(10)), 110);
}

SCENARIO("retries that do not help") {
    auto const plan = frond::plan_for<nodes::sum_of_thirds>(frond::options().retry<nodes::third_fails>(3, 100us));
    return judge_failure(run_here(plan, arg<"count">(5)), failed);
}

SCENARIO("an expander that is tried again") {
    auto const plan = frond::plan_for<nodes::sum_of_late>(frond::options().retry<nodes::second_beginning>(3, 100us));
    return judge(run_here(plan, arg<"count">(5)), 15);
}

/// Cancels a run when its context has nothing to do but to wait.
template <class Plan, class... A>
ending run_cancelled(Plan const& plan, bool at_once, A&&... arguments) {
    frond::net::io_context context(1);
    frond::net::cancellation_signal signal;
    outcome_of<int> outcome;
    open();
    plan.async_run(
        std::forward<A>(arguments)...,
        frond::net::bind_cancellation_slot(
            signal.slot(), frond::net::bind_executor(context, [&](auto ended) { outcome.emplace(std::move(ended)); })));
    run_loop([&] {
        if (!at_once) context.poll();
        signal.emit(frond::net::cancellation_type::terminal);
        context.run();
    });
    close();
    return outcome ? judge_failure(*outcome, canceled) : ending::wrong;
}

SCENARIO("cancelled before it begins") { return run_cancelled(frond::plan_for<nodes::never>(), true, arg<"count">(5)); }

SCENARIO("cancelled while children wait") {
    frond::run_report report;
    return run_cancelled(frond::plan_for<nodes::never>(), false, arg<"count">(5), report);
}

SCENARIO("cancelled while retries wait") {
    auto const plan = frond::plan_for<nodes::sum_of_waits>(frond::options().retry<nodes::second_wait>(3, 1h));
    return run_cancelled(plan, false, arg<"count">(5));
}

}  // namespace scarce
