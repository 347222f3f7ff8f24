// Interceptors around expanders, and expanders that are tried again, in real runs.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::all;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using frond::node_call;
using frond::options;
using frond::plan_for;
using frond::run_blocking;
using frond::threads;

namespace wrapped_expanders {

/// The events of a run on one thread, in order.
struct story {
    void operator()(std::string_view what) { text.append(text.empty() ? "" : ", ").append(what); }
    std::string text{};
};
using told = input<"story", story*>;

async<void> rest() {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, 0ms);
    co_await timer.async_wait(frond::use_async);
}

expander<int> coroutine(told tell) {
    (**tell)("body");
    for (int i = 0; i < 3; ++i) {
        if (i == 2) co_await rest();
        co_yield i;
    }
}
frond::expand<std::vector<int>> range(told tell) {
    (**tell)("body");
    return frond::expand(std::vector{0, 1, 2});
}
int child(int number, story& tell) {
    tell(std::to_string(number));
    return number;
}
int of_coroutine(in<coroutine> number, told tell) { return child(*number, **tell); }
int of_range(in<range> number, told tell) { return child(*number, **tell); }
template <auto Child>
int sum_of(all<Child> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}
int coroutines(all<of_coroutine> of) { return sum_of<of_coroutine>(of); }
int ranges(all<of_range> of) { return sum_of<of_range>(of); }

/// Tells when the expander begins and how it has ended.
struct watching {
    story& tell;
    async<void> around_node(node_call& call) {
        if (call.event().name() != "coroutine" && call.event().name() != "range") {
            co_await call.next();
            co_return;
        }
        tell("in");
        co_await call.next();
        tell(call.failure() == nullptr       ? "out"
             : call.failure()->is_canceled() ? "cancelled"
                                             : call.failure()->message());
    }
};

// ---- one whose beginnings fail

int failures = 0;       // before the first child
int failing_after = 0;  // so many children; 0: does not
int attempts = 0;
std::uint32_t told_attempt = 0;
expander<int> unsure() {
    ++attempts;
    told_attempt = frond::this_task::attempt();
    if (attempts <= failures) throw std::runtime_error("not yet");
    for (int i = 0; i < 3; ++i) {
        if (failing_after != 0 && i == failing_after) throw std::runtime_error("no more");
        co_yield i;
    }
}
int sure(all<unsure> of) { return sum_of<unsure>(of); }
frond::expand<std::vector<int>> unsure_range() {
    if (++attempts <= failures) throw std::runtime_error("not yet");
    return frond::expand(std::vector{0, 1, 2});
}
int sure_range(all<unsure_range> of) { return sum_of<unsure_range>(of); }

void set_unsure(int fails, int after = 0) {
    failures = fails;
    failing_after = after;
    attempts = 0;
}

/// Does with the expander what the test says, and lets everything else be.
struct meddling {
    std::function<async<void>(node_call&)> with;
    async<void> around_node(node_call& call) { return call.event().name() == "unsure" ? with(call) : call.next(); }
};

/// An expander that has read of a stream when it fails.
int passed(in<unsure> number) { return *number; }
expander<int> relay(each<passed> of) {
    int const first = *co_await of.next();
    throw std::runtime_error("not yet");
    co_yield first;
}
int relays(all<relay> of) { return sum_of<relay>(of); }

struct retries {
    std::string seen{};
    std::vector<frond::duration> pauses{};
    void on_retry(frond::retry_event const& event) {
        seen.append(event.name() + " " + std::to_string(event.attempt) + " ")
            .append(event.failure.message())
            .append(";");
        pauses.push_back(event.delay);
    }
};

}  // namespace wrapped_expanders

using namespace wrapped_expanders;

TEST_CASE("an interceptor is around an expander from before its first child until its last one is taken") {
    story tell;
    watching hook{tell};
    SECTION("a coroutine") {
        auto const sum = run_blocking<coroutines>(frond::arg<"story">(&tell), hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(tell.text == "in, body, 0, 1, 2, out");
    }
    SECTION("a range") {
        auto const sum = run_blocking<ranges>(frond::arg<"story">(&tell), hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(tell.text == "in, body, 0, 1, 2, out");
    }
    SECTION("on an executor of its own") {
        auto const plan = plan_for<coroutines>(options().blocking<coroutine>());
        auto const sum = run_blocking(plan, frond::arg<"story">(&tell), hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(tell.text.rfind("in, body, ", 0) == 0);
        CHECK(tell.text.substr(tell.text.size() - 5) == ", out");
    }
}

TEST_CASE("interceptors around an expander may wait before it and after it") {
    story tell;
    struct waiting {
        async<void> around_node(node_call& call) {
            if (call.event().name() != "coroutine") {
                co_await call.next();
                co_return;
            }
            auto before = call.wait(1ms);
            co_await before;
            co_await call.next();
            auto after = call.wait(1ms);
            co_await after;
        }
    } outer;
    watching hook{tell};
    auto const sum = run_blocking<coroutines>(frond::arg<"story">(&tell), outer, hook, threads(1));
    REQUIRE(sum);
    CHECK(sum.value() == 3);
    CHECK(tell.text == "in, body, 0, 1, 2, out");
}

TEST_CASE("an interceptor that refuses an expander fails it, and it has no children") {
    set_unsure(0);
    meddling hook{[](node_call& call) -> async<void> {
        call.fail(frond::error(frond::errc::node_failed, "refused"));
        co_return;
    }};
    auto const outcome = run_blocking<sure>(hook, threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() == "refused");
    CHECK(outcome.error().node() == "unsure");
    CHECK(attempts == 0);
}

TEST_CASE("the failure of an expander stays its own, with the interceptors' failures beside it") {
    set_unsure(0, 2);
    std::string seen;
    meddling hook{[&](node_call& call) -> async<void> {
        co_await call.next();
        seen = call.failure() != nullptr ? call.failure()->message() : "nothing";
        throw std::runtime_error("of the interceptor");
    }};
    auto const outcome = run_blocking<sure>(hook, threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(seen == "no more");
    CHECK(outcome.error().message() == "no more");
    REQUIRE(outcome.error().others().size() == 1);
    CHECK(outcome.error().others()[0].message() == "of the interceptor");
}

TEST_CASE("an interceptor that never runs an expander says so") {
    set_unsure(0);
    meddling hook{[](node_call&) -> async<void> { co_return; }};
    auto const outcome = run_blocking<sure>(hook, threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() == "an interceptor neither called next() nor answered for the node");
}

TEST_CASE("an expander has no value that an interceptor could look at or give") {
    set_unsure(0);
    SECTION("give") {
        meddling hook{[](node_call& call) -> async<void> {
            call.answer(1);
            co_return;
        }};
        CHECK(run_blocking<sure>(hook, threads(1)).error().message() ==
              "an interceptor answers for unsure, which is an expander: it has children, and no value");
    }
    SECTION("look at") {
        meddling hook{[](node_call& call) -> async<void> {
            co_await call.next();
            call.value<int>() = 1;
        }};
        CHECK(run_blocking<sure>(hook, threads(1)).error().message() ==
              "an interceptor asks for the value of unsure, which is an expander: it has children, and no value");
    }
}

TEST_CASE("an interceptor may run an expander again that has no children yet, and not one that has") {
    meddling hook{[](node_call& call) -> async<void> {
        co_await call.next();
        co_await call.next();
    }};
    SECTION("none") {
        set_unsure(1);
        auto const sum = run_blocking<sure>(hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(attempts == 2);
    }
    SECTION("some") {
        set_unsure(0);
        auto const outcome = run_blocking<sure>(hook, threads(1));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().message() ==
              "an interceptor calls next() twice, but the expander has yielded children, which would come twice");
        CHECK(attempts == 1);
    }
}

TEST_CASE("an expander is tried again as long as it has no children") {
    retries hook;
    SECTION("a coroutine") {
        set_unsure(2);
        auto const sum = run_blocking(plan_for<sure>(options().retry<unsure>(3)), hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(hook.seen == "unsure 1 not yet;unsure 2 not yet;");
        CHECK(told_attempt == 3);
    }
    SECTION("a range") {
        set_unsure(2);
        auto const sum = run_blocking(plan_for<sure_range>(options().retry<unsure_range>(3)), hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(hook.seen == "unsure_range 1 not yet;unsure_range 2 not yet;");
    }
    SECTION("on an executor of its own") {
        set_unsure(2);
        auto const plan = plan_for<sure>(options().retry<unsure>(3, 1ms).blocking<unsure>());
        auto const sum = run_blocking(plan, hook, threads(1));
        REQUIRE(sum);
        CHECK(sum.value() == 3);
        CHECK(hook.seen == "unsure 1 not yet;unsure 2 not yet;");
    }
    SECTION("until no attempt is left") {
        set_unsure(9);
        auto const outcome = run_blocking(plan_for<sure>(options().retry<unsure>(3)), hook, threads(1));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().message() == "not yet");
        CHECK(outcome.error().node() == "unsure");
        CHECK(attempts == 3);
        CHECK(hook.seen == "unsure 1 not yet;unsure 2 not yet;");
    }
    SECTION("and not once it has some") {
        set_unsure(0, 2);
        bool another = true;
        meddling asking{[&](node_call& call) -> async<void> {
            co_await call.next();
            another = call.will_retry();
        }};
        auto const outcome = run_blocking(plan_for<sure>(options().retry<unsure>(3)), hook, asking, threads(1));
        REQUIRE_FALSE(outcome);
        CHECK(outcome.error().message() == "no more");
        CHECK(attempts == 1);
        CHECK(hook.seen.empty());
        CHECK_FALSE(another);
    }
}

TEST_CASE("attempts at an expander are numbered and counted, and each pause is twice as long as the one before") {
    retries hook;
    std::vector<std::uint32_t> numbers;
    meddling asking{[&](node_call& call) -> async<void> {
        numbers.push_back(call.event().attempt);
        co_await call.next();
    }};
    frond::run_report report;
    set_unsure(2);
    auto const plan = plan_for<sure>(options().retry<unsure>(3, 1ms));
    REQUIRE(run_blocking(plan, hook, asking, report, threads(1)));
    CHECK(numbers == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(hook.pauses == std::vector<frond::duration>{1ms, 2ms});
    CHECK(report.retries == 2);
}

TEST_CASE("an expander that reads a stream is not run again, though it has no children yet") {
    set_unsure(0);
    struct twice {
        async<void> around_node(node_call& call) {
            co_await call.next();
            if (call.event().name() == "relay") co_await call.next();
        }
    } hook;
    auto const outcome = run_blocking<relays>(hook, threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message() == "not yet");
    REQUIRE(outcome.error().others().size() == 1);
    CHECK(outcome.error().others()[0].message() ==
          "an interceptor calls next() twice, but the node takes or streams, and what it has used up is gone");
}

TEST_CASE("an interceptor that awaits an expander in a coroutine of its own is told so") {
    set_unsure(0);
    meddling hook{[](node_call& call) -> async<void> {
        auto const here = co_await frond::this_executor;
        [[maybe_unused]] auto const ended = co_await frond::spawn(here, call.next(), frond::use_async);
    }};
    auto const outcome = run_blocking<sure>(hook, threads(1));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().message().rfind("an interceptor awaits next() in a coroutine that runs by itself", 0) == 0);
    CHECK(attempts == 0);
}
