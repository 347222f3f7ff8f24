// A run, and a coroutine by itself, as Asio operations: tokens, executors, cancellation slots.
#include "../../catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#else
#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#endif

namespace net = frond::net;

namespace {

frond::async<void> wait(int milliseconds) {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(frond::use_async);
}

frond::async<int> seven(int milliseconds) {
    co_await wait(milliseconds);
    co_return 7;
}

constexpr int a_day = 24 * 60 * 60 * 1000;

/// Starts an operation that would take a day, cancels it once it has nothing to do but to wait, and sees it end with
/// that.
template <class Start>
void check_cancelled(Start start) {
    net::io_context context;
    net::cancellation_signal signal;
    std::optional<frond::error> failure;
    start(context, net::bind_cancellation_slot(
                       signal.slot(), net::bind_executor(context, [&](auto outcome) { failure = outcome.error(); })));
    context.poll();
    CHECK(!failure);
    signal.emit(net::cancellation_type::terminal);
    context.run();
    REQUIRE(failure);
    CHECK(failure->is_canceled());
}

}  // namespace

namespace nodes {

frond::expander<int> number(frond::input<"count", int> count) {
    for (int i = 1; i <= *count; ++i) co_yield i;
}
frond::async<int> slowly(frond::in<number> n, frond::input<"milliseconds", int> time) {
    int const same = *n;
    co_await wait(*time);
    co_return same;
}
frond::async<int> sum(frond::each<slowly> numbers) {
    int all = 0;
    while (auto next = co_await numbers.next()) all += *next;
    co_return all;
}

}  // namespace nodes

using frond::arg;

namespace nodes {

/// Says when it is gone.
class lease {
public:
    explicit lease(bool& gone) : gone_(&gone) {}
    lease(lease&& other) noexcept : gone_(std::exchange(other.gone_, nullptr)) {}
    ~lease() {
        if (gone_ != nullptr) *gone_ = true;
    }

private:
    bool* gone_;
};
int leased(frond::input<"lease", lease>) { return 1; }

frond::async<int> soon(frond::in<number> n) {
    int const same = *n;
    co_await wait(1);
    co_return same;
}
int next(frond::in<soon> n) { return *n + 1; }
int all_next(frond::all<next> of) { return static_cast<int>(of.size()); }

}  // namespace nodes

TEST_CASE("a run with use_future") {
    net::io_context context;
    auto const plan = frond::plan_for<nodes::sum>();
    auto outcome =
        plan.async_run(arg<"count">(5), arg<"milliseconds">(1), net::bind_executor(context, net::use_future));
    context.run();
    CHECK(outcome.get().value() == 15);
}

TEST_CASE("a run with use_awaitable") {
    net::io_context context;
    auto const plan = frond::plan_for<nodes::sum>();
    std::optional<int> sum;
    net::co_spawn(
        context,
        [&]() -> net::awaitable<void> {
            auto outcome = co_await plan.async_run(arg<"count">(5), arg<"milliseconds">(1), net::use_awaitable);
            sum = outcome.value();
        },
        net::detached);
    context.run();
    CHECK(sum == 15);
}

TEST_CASE("a run ends when its cancellation slot says so, however long its bodies would wait") {
    auto const plan = frond::plan_for<nodes::sum>();
    check_cancelled([&](net::io_context&, auto handler) {
        plan.async_run(arg<"count">(5), arg<"milliseconds">(a_day), std::move(handler));
    });
}

TEST_CASE("a coroutine of ours is awaited from an asio::awaitable") {
    net::io_context context;
    std::optional<int> got;
    net::co_spawn(
        context,
        [&]() -> net::awaitable<void> {
            auto work = seven(1);
            auto outcome = co_await frond::spawn(context.get_executor(), std::move(work), net::use_awaitable);
            got = outcome.value();
        },
        net::detached);
    context.run();
    CHECK(got == 7);
}

TEST_CASE("a spawned coroutine is cancelled by its slot") {
    check_cancelled([](net::io_context& context, auto handler) {
        frond::spawn(context.get_executor(), seven(a_day), std::move(handler));
    });
}

TEST_CASE("a handler is called when its slot can cancel nothing any more") {
    net::io_context context;
    net::cancellation_signal signal;
    int called = 0;
    auto const at_end = [&](auto const& outcome) {
        CHECK(outcome);
        CHECK_FALSE(signal.slot().has_handler());
        ++called;
    };
    frond::plan_for<nodes::sum>().async_run(context, arg<"count">(1), arg<"milliseconds">(0),
                                            net::bind_cancellation_slot(signal.slot(), at_end));
    CHECK(signal.slot().has_handler());
    context.run();
    CHECK(called == 1);
    context.restart();
    frond::spawn(context.get_executor(), seven(0), net::bind_cancellation_slot(signal.slot(), at_end));
    CHECK(signal.slot().has_handler());
    context.run();
    CHECK(called == 2);
}

TEST_CASE("what a run was given is gone when its handler is called") {
    net::io_context context;
    bool gone = false;
    std::optional<bool> gone_by_then;
    auto const plan = frond::plan_for<nodes::leased>();
    plan.async_run(arg<"lease">(nodes::lease(gone)),
                   net::bind_executor(context, [&](frond::result<int>) { gone_by_then = gone; }));
    context.run();
    CHECK(gone_by_then == true);
}

TEST_CASE("a hook that still awaits when the grace is over is interrupted before the run completes") {
    struct slow {
        bool interrupted = false;
        frond::async<void> before_task(frond::task_event const&) {
            try {
                co_await wait(a_day);
            } catch (std::exception const&) {
                interrupted = true;
            }
        }
    };
    struct quick {
        bool ended = false;
        void after_task(frond::task_event const&) {}
        void after_run(frond::run_event const&) { ended = true; }
    };
    net::io_context context;
    std::optional<bool> interrupted;
    auto const plan = frond::plan_for<nodes::sum>(frond::options().grace(std::chrono::milliseconds(1)));
    quick other;
    slow hook;
    frond::run_report report;
    plan.async_run(arg<"count">(1), arg<"milliseconds">(0), other, hook, report,
                   net::bind_executor(context, [&](auto) { interrupted = hook.interrupted; }));
    context.run();
    CHECK(interrupted == true);
    REQUIRE(report.hooks.size() == 2);
    CHECK(other.ended);
    CHECK_FALSE(report.hooks[0].interrupted);  // it had been told all
    CHECK(report.hooks[1].interrupted);
}

TEST_CASE("a run may be over before the executor that a step was posted to returns from the post") {
    struct handoff final : frond::executor {
        void post(frond::work& item) noexcept override {
            std::thread([this, &item] { frond::pump::drive(item, *this); }).detach();
            over.get_future().wait();
        }
        void dispatch(frond::work& item) noexcept override { post(item); }
        unsigned concurrency() const noexcept override { return 1; }
        std::promise<void> over;
    };
    auto const other = std::make_shared<handoff>();
    auto const plan = frond::plan_for<nodes::all_next>(frond::options().on<nodes::next>(other));
    net::thread_pool pool(2);
    std::optional<int> count;
    plan.async_run(arg<"count">(1), net::bind_executor(pool.get_executor(), [&](auto outcome) {
                       count = outcome.value();
                       other->over.set_value();
                   }));
    pool.join();
    CHECK(count == 1);
}

TEST_CASE("a spawned coroutine calls its handler on the handler's executor, which is at work until then") {
    net::thread_pool pool(1);
    net::io_context context;
    std::optional<int> got;
    frond::spawn(pool.get_executor(), seven(1),
                 net::bind_executor(context, [&](auto outcome) { got = outcome.value(); }));
    context.run();
    CHECK(got == 7);
    pool.join();
}

TEST_CASE("a run gives its executor back between the tasks outside expansions") {
    net::io_context context;
    frond::graph_builder builder;
    bool others_had_their_turn = false;
    builder.add("0", [] { return 0; });
    for (int i = 1; i <= 100; ++i) {
        builder.add(std::to_string(i), [](frond::value<int> n) { return *n + 1; }, {std::to_string(i - 1)});
    }
    builder.add("turn", [&](frond::value<int>) { return others_had_their_turn; }, {"100"});
    frond::plan_options options;
    options.wanted = {"turn"};
    options.budget = frond::duration::zero();
    auto const plan = frond::plan_for(std::move(builder).build().value(), options);
    std::optional<bool> turn;
    plan.async_run(
        net::bind_executor(context, [&](auto outcome) { turn = outcome.value().template get<bool>("turn"); }));
    net::post(context, [&] { others_had_their_turn = true; });
    context.run();
    CHECK(turn == true);
}
