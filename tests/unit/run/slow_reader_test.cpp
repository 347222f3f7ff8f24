// A collector that reads slowly, and how far its expander gets ahead of it.
#include "catch.hpp"
#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <optional>
#include <utility>

using frond::arg;
using frond::async;
using frond::each;
using frond::in;
using frond::input;

namespace slow_reader {

constexpr int many = 100'000;
constexpr int few = 10'000;  // more than a stream holds of numbers

frond::expander<int> number(input<"yielded", int&> yielded) {
    for (int i = 0; i < many; ++i) {
        *yielded = i + 1;
        co_yield i;
    }
}
int same(in<number> n) { return *n; }
int again(in<same> n) { return *n; }
async<int> later(in<number> n) { co_return *n; }

/// Reads one value, and the others when the timer has been cancelled.
template <class Stream>
async<long> sum_of(Stream& of, frond::net::steady_timer& timer) {
    long sum = 0;
    bool first = true;
    while (auto next = co_await of.next()) {
        sum += *next;
        if (!std::exchange(first, false)) continue;
        try {
            co_await timer.async_wait(frond::use_async);
        } catch (std::exception const&) {
            // It was cancelled, as it was to be.
        }
    }
    co_return sum;
}
async<long> of_same(each<same> of, input<"timer", frond::net::steady_timer&> timer) {
    auto sum = sum_of(of, *timer);
    co_return co_await sum;
}
async<long> of_again(each<again> of, input<"timer", frond::net::steady_timer&> timer) {
    auto sum = sum_of(of, *timer);
    co_return co_await sum;
}
async<long> of_later(each<later> of, input<"timer", frond::net::steady_timer&> timer) {
    auto sum = sum_of(of, *timer);
    co_return co_await sum;
}

template <auto Collector>
void check_waits() {
    frond::net::io_context context;
    frond::net::steady_timer timer(context, std::chrono::hours(24));
    int yielded = 0;
    std::optional<frond::result<long>> outcome;
    auto const plan = frond::plan_for<Collector>();
    plan.async_run(
        arg<"yielded">(yielded), arg<"timer">(timer),
        frond::net::bind_executor(context, [&](frond::result<long> ended) { outcome.emplace(std::move(ended)); }));
    context.poll();
    CHECK_FALSE(outcome);
    CHECK(yielded > 1);
    CHECK(yielded < few);
    timer.cancel();
    context.restart();
    context.run();
    REQUIRE(outcome);
    CHECK(outcome->value() == static_cast<long>(many) * (many - 1) / 2);
    CHECK(yielded == many);
}

}  // namespace slow_reader

using namespace slow_reader;

TEST_CASE("an expander is no further ahead of a slow reader than a stream has room for") {
    SECTION("children of one function") { check_waits<of_same>(); }
    SECTION("children of several functions") { check_waits<of_again>(); }
    SECTION("children of one coroutine") { check_waits<of_later>(); }
}
