// Runs on other executors than those of run_blocking, as operations of Asio, and several runs.
#include "graphs.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace scarce {

using frond::arg;
namespace net = frond::net;
using namespace std::chrono_literals;

namespace {

auto const small = [] { return frond::plan_for<nodes::sum_of_doubled>(); };

/// A pool whose threads have done something, so that none begins inside the window.
struct pool {
    pool() {
        frond::net::post(threads, [] {});
    }
    ~pool() { threads.join(); }
    net::thread_pool threads{1};
};

}  // namespace

SCENARIO("async_run on an io_context") {
    net::io_context context(1);
    return judge(run_async(context, context.get_executor(), small(), arg<"count">(5)), 30);
}

SCENARIO("async_run on an io_context of 2") {
    net::io_context context(2);
    return judge(run_async(context, context.get_executor(), small(), arg<"count">(5)), 30);
}

SCENARIO("async_run on a strand") {
    net::io_context context(1);
    auto const strand = outside([&] { return net::make_strand(context.get_executor()); });
    return judge(run_async(context, strand, small(), arg<"count">(5)), 30);
}

SCENARIO("async_run on a thread_pool") {
    net::thread_pool threads(1);
    return judge(run_async(threads, threads.get_executor(), small(), arg<"count">(5)), 30);
}

SCENARIO("async_run on a strand of a thread_pool") {
    net::thread_pool threads(1);
    auto const strand = outside([&] { return net::make_strand(threads.get_executor()); });
    return judge(run_async(threads, strand, small(), arg<"count">(5)), 30);
}

SCENARIO("operations on an io_context") {
    net::io_context context(1);
    auto const plan = frond::plan_for<nodes::sum_after_a_while>();
    return judge(run_async(context, context.get_executor(), plan, arg<"count">(5)), 15);
}

SCENARIO("operations on a strand") {
    net::io_context context(1);
    auto const strand = outside([&] { return net::make_strand(context.get_executor()); });
    auto const plan = frond::plan_for<nodes::sum_after_a_while>();
    return judge(run_async(context, strand, plan, arg<"count">(5)), 15);
}

SCENARIO("operations on a thread_pool") {
    net::thread_pool threads(1);
    auto const plan = frond::plan_for<nodes::sum_after_a_while>();
    return judge(run_async(threads, threads.get_executor(), plan, arg<"count">(5)), 15);
}

SCENARIO("async_run of a plan that has failed") {
    net::io_context context(1);
    auto const plan = frond::plan_for<nodes::sum_of_doubled>(frond::options().retry<nodes::doubled>(0));
    auto const outcome = run_async(context, context.get_executor(), plan, arg<"count">(5));
    if (!outcome) return ending::wrong;
    return *outcome ? judge(*outcome, 30) : judge_failure(*outcome, make_error_code(frond::errc::invalid_plan));
}

SCENARIO("two runs at once") {
    net::io_context context(1);
    auto const plan = frond::plan_for<nodes::sum_after_a_while>();
    outcome_of<int> first;
    outcome_of<int> second;
    open();
    bool threw = false;
    try {
        plan.async_run(arg<"count">(3),
                       net::bind_executor(context, [&](auto ended) { first.emplace(std::move(ended)); }));
        plan.async_run(arg<"count">(5),
                       net::bind_executor(context, [&](auto ended) { second.emplace(std::move(ended)); }));
    } catch (std::bad_alloc const&) {
        threw = true;
    }
    run_loop([&] { context.run(); });
    close();
    ending const a = first ? judge(*first, 6) : ending::threw;
    ending const b = second ? judge(*second, 15) : ending::threw;
    if (!threw && (a == ending::threw || b == ending::threw)) return ending::wrong;
    return std::max(a, b);
}

namespace {

frond::async<int> spawned(int n, frond::duration time) {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, time);
    co_await timer.async_wait(frond::use_async);
    auto inner = nodes::twice(n);
    co_return co_await inner;
}

}  // namespace

SCENARIO("spawn") {
    net::io_context context(1);
    outcome_of<int> outcome;
    open();
    frond::spawn(context.get_executor(), spawned(4, 50us),
                 [&](frond::result<int> ended) { outcome.emplace(std::move(ended)); });
    run_loop([&] { context.run(); });
    close();
    return judge(outcome, 8);
}

SCENARIO("spawn, cancelled") {
    net::io_context context(1);
    net::cancellation_signal signal;
    outcome_of<int> outcome;
    open();
    frond::spawn(context.get_executor(), spawned(4, 24h),
                 net::bind_cancellation_slot(signal.slot(),
                                             [&](frond::result<int> ended) { outcome.emplace(std::move(ended)); }));
    run_loop([&] {
        context.poll();
        signal.emit(net::cancellation_type::terminal);
        context.run();
    });
    close();
    return outcome ? judge_failure(*outcome, std::make_error_code(std::errc::operation_canceled)) : ending::wrong;
}

namespace {

int runs_a_run(frond::in<nodes::number> n) {
    auto const inner = frond::plan_for<nodes::sum_of_same>();
    return frond::run_blocking(inner, arg<"count">(*n), frond::threads(1)).value();
}
int sum_of_runs(frond::all<runs_a_run> all) {
    int sum = 0;
    for (int each : all) sum += each;
    return sum;
}

}  // namespace

SCENARIO("a run in a run") { return judge(run_here(frond::plan_for<sum_of_runs>(), arg<"count">(3)), 1 + 3 + 6); }

SCENARIO("bodies on another executor") {
    pool other;
    auto const shared = frond::share_executor(other.threads.get_executor());
    auto const plan = frond::plan_for<nodes::sum_of_doubled>(frond::options().on<nodes::doubled>(shared));
    return judge(run_here(plan, arg<"count">(5)), 30);
}

SCENARIO("operations on another executor") {
    pool other;
    auto const shared = frond::share_executor(other.threads.get_executor());
    auto const plan = frond::plan_for<nodes::sum_after_a_while>(frond::options().on<nodes::after_a_while>(shared));
    return judge(run_here(plan, arg<"count">(5)), 15);
}

SCENARIO("blocking bodies") {
    pool other;
    auto const shared = frond::share_executor(other.threads.get_executor());
    auto const plan = frond::plan_for<nodes::sum_of_same>(frond::options().blocking<nodes::same>().blocking_on(shared));
    return judge(run_here(plan, arg<"count">(5)), 15);
}

SCENARIO("blocking bodies on frond's own threads") {
    auto const plan = frond::plan_for<nodes::sum_of_same>(frond::options().blocking<nodes::same>());
    return judge(run_here(plan, arg<"count">(5)), 15);
}

SCENARIO("a run on two threads") {
    auto const plan = frond::plan_for<nodes::sum_of_doubled>();
    open();
    auto const outcome = frond::run_blocking(plan, arg<"count">(20), frond::threads(2));
    close();
    return judge(outcome, 420);
}

SCENARIO("operations on two threads") {
    auto const plan = frond::plan_for<nodes::sum_after_a_while>();
    open();
    auto const outcome = frond::run_blocking(plan, arg<"count">(10), frond::threads(2));
    close();
    return judge(outcome, 55);
}

SCENARIO("progress of a run") {
    net::io_context context(1);
    auto const plan = small();
    auto prepared = plan.prepare(arg<"count">(5));
    if (!prepared) return judge(frond::result<int>(prepared.error()), 0);
    frond::run_handle const run = prepared.assume_value().run;
    open();
    auto const progress = run.progress();
    close();
    return progress.specs.empty() ? ending::wrong : ending::value;
}

}  // namespace scarce
