// A context that is destroyed in mid-run destroys what runs on it, as Asio destroys handlers.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/run/blocking_executor.hpp"

#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#else
#include <asio/detached.hpp>
#include <asio/use_awaitable.hpp>
#endif

namespace net = frond::net;
using namespace std::chrono_literals;
using frond::all;
using frond::async;
using frond::each;
using frond::in;
using frond::input;

namespace destroyed {

/// Shared by everything that has to be destroyed.
using life = std::shared_ptr<int>;

async<void> wait(std::chrono::milliseconds time) {
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, time);
    co_await timer.async_wait(frond::use_async);
}

frond::expander<life> item(input<"life", life> of) {
    life const local = *of;
    for (int i = 0; i < 6; ++i) {
        if (i % 2 == 1) co_await wait(0ms);
        co_yield local;
    }
}
frond::expander<life> part(in<item> of) {
    for (int i = 0; i < 3; ++i) co_yield *of;
}
int plain(in<part> of) { return static_cast<int>(of->use_count() != 0); }
async<int> short_wait(in<part> of, in<plain> one) {
    life const local = *of;
    co_await wait(0ms);
    co_return *one;
}
net::awaitable<int> foreign(in<part>, in<short_wait> one) {
    net::steady_timer timer(co_await net::this_coro::executor, 0ms);
    co_await timer.async_wait(net::use_awaitable);
    co_return *one;
}
async<int> parts(each<foreign> of, input<"life", life> held) {
    life const local = *held;
    int sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}
int twice(all<parts> of) { return static_cast<int>(of.size()); }
async<int> failing(in<item> of) {
    co_await wait(0ms);
    if (frond::this_task::attempt() < 3) throw std::runtime_error("not yet");
    co_return static_cast<int>(of->use_count() != 0);
}
int retried(all<failing> of) { return static_cast<int>(of.size()); }
async<int> total(in<twice> a, in<retried> b) {
    co_await wait(0ms);
    co_return *a + *b;
}

async<int> for_ever(input<"life", life> of) {
    life const local = *of;
    co_await wait(1h);
    co_return 1;
}

/// Awaits in every method; destroyed with its run.
struct waiting_hook {
    life held;
    async<void> before_task(frond::task_event const&) {
        life const local = held;
        co_await wait(0ms);
    }
    async<void> after_run(frond::run_event const&) {
        life const local = held;
        co_await wait(0ms);
    }
};
struct wrapping_hook {
    life held;
    async<void> around_task(frond::task_call& call) {
        life const local = held;
        co_await wait(0ms);
        co_await call.next();
    }
    async<void> around_node(frond::node_call& call) {
        life const local = held;
        co_await call.next();
        co_await wait(0ms);
    }
};
struct sampling_hook {
    life held;
    frond::observer_policy policy() const { return frond::latest(1ms); }
    void on_sample(frond::progress const&) {}
};

auto options() { return frond::options().limit(4).retry<failing>(3, 1us); }

/// Lets a run on the context go on for so many handlers, then destroys the context. True if the run had ended before.
template <class Plan, class... Hooks>
bool destroy_after(int handlers, Plan const& plan, life const& held, Hooks const&... hooks) {
    bool ended = false;
    {
        net::io_context context(1);
        plan.async_run(frond::arg<"life">(held), hooks...,
                       net::bind_executor(context, [&ended, held](auto const&) { ended = true; }));
        for (int i = 0; i < handlers && !ended; ++i) context.run_one();
    }
    return ended;
}

template <class Plan, class... Hooks>
void check_every_moment(Plan const& plan, life const& held, Hooks const&... hooks) {
    auto const before = held.use_count();
    int handlers = 0;
    while (!destroy_after(handlers++, plan, held, hooks...)) {
        if (held.use_count() == before) continue;
        INFO("destroyed after " << handlers - 1 << " handlers");
        REQUIRE(held.use_count() == before);
    }
    CHECK(handlers > 20);
    CHECK(held.use_count() == before);
}

}  // namespace destroyed

TEST_CASE("a context that is destroyed after any of its handlers destroys the run and all that the run owns") {
    using namespace destroyed;
    auto const held = std::make_shared<int>(1);
    check_every_moment(frond::plan_for<total>(options()), held);
}

TEST_CASE("hooks and interceptors that wait are destroyed with their run's context") {
    using namespace destroyed;
    auto const held = std::make_shared<int>(1);
    auto const plan = frond::plan_for<total>(options());
    SECTION("a hook") { check_every_moment(plan, held, std::make_shared<waiting_hook>(waiting_hook{held})); }
    SECTION("interceptors") { check_every_moment(plan, held, std::make_shared<wrapping_hook>(wrapping_hook{held})); }
    SECTION("a hook that takes samples") {
        check_every_moment(plan, held, std::make_shared<sampling_hook>(sampling_hook{held}));
    }
}

TEST_CASE("a hook that two runs share goes on being told of one when the context of the other is destroyed") {
    using namespace destroyed;
    struct slow_hook {
        async<void> before_task(frond::task_event const&) {
            ++begun;
            co_await wait(begun == 1 ? 1h : 0ms);
            ++ended;
        }
        int begun = 0;
        int ended = 0;
    };
    auto const hook = std::make_shared<slow_hook>();
    auto const held = std::make_shared<int>(1);
    auto const plan = frond::plan_for<for_ever>();
    net::io_context second(1);
    net::cancellation_signal signal;
    {
        net::io_context first(1);
        plan.async_run(frond::arg<"life">(held), hook, net::bind_executor(first, [](auto const&) {}));
        first.poll();
        REQUIRE(hook->begun == 1);
        plan.async_run(frond::arg<"life">(held), hook,
                       net::bind_cancellation_slot(signal.slot(), net::bind_executor(second, [](auto const&) {})));
        second.poll();
        CHECK(hook->begun == 1);  // it is the first run's turn
    }
    signal.emit(net::cancellation_type::terminal);
    second.run();
    CHECK(hook->ended == 1);
}

TEST_CASE("nothing that is older than the context is touched when a run is destroyed with it") {
    struct listener {
        void before_task(frond::task_event const&) { ++told; }
        void after_task(frond::task_event const&) { ++told; }
        void after_run(frond::run_event const&) { ++told; }
        int told = 0;
    };
    auto const held = std::make_shared<int>(1);
    std::optional<net::io_context> context(std::in_place, 1);
    auto hook = std::make_unique<listener>();
    auto report = std::make_unique<frond::run_report>();
    frond::plan_for<destroyed::for_ever>().async_run(
        frond::arg<"life">(held), *hook, *report,
        net::bind_executor(*context, [](auto const&) { FAIL("it must not end"); }));
    context->poll();
    CHECK(hook->told == 1);
    hook.reset();  // an access is found by a sanitizer
    report.reset();
    context.reset();
    CHECK(held.use_count() == 1);
}

TEST_CASE("the coroutine that awaits a run is destroyed with the context") {
    auto const held = std::make_shared<int>(1);
    {
        net::io_context context(1);
        auto const awaits = [](auto const& of) -> net::awaitable<void> {
            auto const local = of;
            auto const plan = frond::plan_for<destroyed::for_ever>();
            static_cast<void>(co_await plan.async_run(frond::arg<"life">(local), net::use_awaitable));
            FAIL("it must not end");
        };
        net::co_spawn(context, awaits(held), net::detached);
        context.poll();
        CHECK(held.use_count() > 2);
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("a run on a strand or on a pool is destroyed with its context") {
    auto const held = std::make_shared<int>(1);
    auto const plan = frond::plan_for<destroyed::total>(destroyed::options());
    SECTION("a strand of a context") {
        for (int handlers = 0; handlers < 200; ++handlers) {
            net::io_context context(1);
            plan.async_run(frond::arg<"life">(held),
                           net::bind_executor(net::make_strand(context), [held](auto const&) {}));
            for (int i = 0; i < handlers; ++i) context.poll_one();
        }
    }
    SECTION("a pool that is stopped while its threads run it") {
        for (int i = 0; i < 200; ++i) {
            net::thread_pool pool(3);
            plan.async_run(frond::arg<"life">(held), net::bind_executor(pool, [held](auto const&) {}));
            net::post(pool, [&pool] { pool.stop(); });
        }
    }
    SECTION("any executor of a context") {
        net::io_context context(1);
        plan.async_run(frond::arg<"life">(held),
                       net::bind_executor(net::any_io_executor(context.get_executor()), [held](auto const&) {}));
        context.poll_one();
    }
    CHECK(held.use_count() == 1);
}

TEST_CASE("a coroutine that was spawned is destroyed with its context") {
    auto const held = std::make_shared<int>(1);
    auto const body = [](destroyed::life of) -> async<int> {
        auto const local = of;
        co_await destroyed::wait(1h);
        co_return 1;
    };
    for (int handlers = 0; handlers < 5; ++handlers) {
        {
            net::io_context context(1);
            frond::spawn(context.get_executor(), body(held), [held](auto const&) { FAIL("it must not end"); });
            for (int i = 0; i < handlers; ++i) context.poll_one();
        }
        CHECK(held.use_count() == 1);
    }
}

namespace destroyed {

struct gates {
    std::promise<void> entered;
    std::promise<void> may_end;
};
int blocks(input<"gates", gates&> of, input<"life", life> held) {
    life const local = *held;
    of->entered.set_value();
    of->may_end.get_future().wait();
    return 1;
}
int after(in<blocks> one) { return *one; }

/// Tells when it is destroyed.
struct last_breath {
    explicit last_breath(std::promise<void>& told) noexcept : gone(told) {}
    ~last_breath() { gone.set_value(); }
    std::promise<void>& gone;
    int alive = 1;
};

}  // namespace destroyed

TEST_CASE("a run is destroyed when its last body on another executor has returned, if its own context went before") {
    using namespace destroyed;
    gates both;
    std::promise<void> gone;
    {
        net::io_context context(1);
        auto const plan = frond::plan_for<after>(frond::options().blocking<blocks>());
        auto const breath = std::make_shared<last_breath>(gone);
        plan.async_run(frond::arg<"gates">(both), frond::arg<"life">(life(breath, &breath->alive)),
                       net::bind_executor(context, [](auto const&) { FAIL("it must not end"); }));
        context.poll();
        both.entered.get_future().wait();
    }
    both.may_end.set_value();
    CHECK(gone.get_future().wait_for(1min) == std::future_status::ready);
}

namespace destroyed {

async<int> elsewhere() {
    co_await wait(1h);
    co_return 1;
}
int behind(in<elsewhere> one) { return *one; }

frond::expander<int> far() {
    co_await wait(1h);
    co_yield 1;
}
int near(in<far> one) { return *one; }
int all_near(all<near> of) { return static_cast<int>(of.size()); }

/// Is around a body, and has a timer of its executor's.
struct holds_timer {
    int alive = 0;
    async<void> around_node(frond::node_call& call) {
        auto const here = co_await frond::this_executor;
        net::steady_timer const timer(here);
        struct counted {
            explicit counted(int& how_many) : of(how_many) { ++of; }
            ~counted() { --of; }
            int& of;
        } const one(alive);
        co_await call.next();
    }
};

template <auto Wanted, auto Node>
void check_own_executor_destroyed(bool has_begun, char const* name, auto&... hooks) {
    std::optional<net::io_context> there(std::in_place, 1);
    net::io_context context(1);
    auto const plan = frond::plan_for<Wanted>(frond::options()
                                                  .template on<Node>(frond::share_executor(there->get_executor(), 1))
                                                  .template retry<Node>(sizeof...(hooks) + 1));
    std::optional<frond::error> failure;
    plan.async_run(hooks...,
                   net::bind_executor(context, [&failure](auto const& outcome) { failure = outcome.error(); }));
    context.poll();
    if (has_begun) there->poll();
    there.reset();
    context.run();
    REQUIRE(failure);
    CHECK(failure->code() == frond::errc::abandoned);
    CHECK(failure->node() == name);
}

}  // namespace destroyed

TEST_CASE("a body whose own executor's context is destroyed has failed, and its run goes on") {
    using namespace destroyed;
    bool const has_begun = GENERATE(true, false);
    SECTION("a node") { check_own_executor_destroyed<behind, elsewhere>(has_begun, "elsewhere"); }
    SECTION("an expander") { check_own_executor_destroyed<all_near, far>(has_begun, "far"); }
    auto const around = std::make_shared<holds_timer>();
    SECTION("a node inside interceptors, that would be tried again") {
        check_own_executor_destroyed<behind, elsewhere>(has_begun, "elsewhere", around);
    }
    SECTION("an expander inside interceptors, that would be tried again") {
        check_own_executor_destroyed<all_near, far>(has_begun, "far", around);
    }
    CHECK(around->alive == 0);
}
