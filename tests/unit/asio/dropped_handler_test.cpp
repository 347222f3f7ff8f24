// Operations that let go of their handler without calling it.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace net = frond::net;
using frond::async;

namespace dropped {

/// Keeps a handler, to let it go when the test says so.
class keeper {
public:
    template <class Handler>
    void operator()(Handler&& handler, keeper* self) const {
        self->kept_ = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    }
    bool has_handler() const noexcept { return kept_ != nullptr; }
    void let_go() noexcept { kept_.reset(); }

private:
    std::shared_ptr<void> kept_;
};

struct let_go_at_once {
    template <class Handler>
    void operator()(Handler&& handler) const {
        auto const gone = std::move(handler);
    }
};

struct let_go_and_throw {
    template <class Handler>
    void operator()(Handler&& handler) const {
        auto const gone = std::move(handler);
        throw std::runtime_error("it cannot be started");
    }
};

template <class Initiation, class... A>
auto operation(Initiation initiation, A... arguments) {
    return net::async_initiate<frond::use_async_t const, void(int)>(initiation, frond::use_async, arguments...);
}

async<int> at_once() {
    auto never = operation(let_go_at_once());
    co_return co_await never;
}

async<int> throws_first() {
    std::string told;
    try {
        auto never = operation(let_go_and_throw());
        co_await never;
    } catch (std::runtime_error const& e) {
        told = e.what();
    }
    if (told != "it cannot be started") co_return 0;
    auto const here = co_await frond::this_executor;
    net::steady_timer timer(here, std::chrono::milliseconds(0));
    co_await timer.async_wait(frond::use_async);  // waits as if nothing had been
    co_return 1;
}

async<int> kept(frond::input<"keeper", keeper&> by) {
    auto never = operation(keeper(), &*by);
    co_return co_await never;
}

async<int> goes_on(frond::input<"keeper", keeper&> by) {
    try {
        auto never = operation(keeper(), &*by);
        co_await never;
    } catch (frond::bad_result const&) {
        co_return 5;
    }
    co_return 0;
}

}  // namespace dropped

TEST_CASE("an operation that lets go of its handler at once fails the body that awaits it") {
    auto const outcome = frond::run_blocking<dropped::at_once>(frond::threads(1));
    REQUIRE(!outcome);
    CHECK(outcome.error().code() == frond::errc::abandoned);
    CHECK(outcome.error().message() == "an operation let go of its completion handler without calling it");
    CHECK(outcome.error().node() == "at_once");
}

TEST_CASE("an initiation that throws has let go of its handler, and wakes nothing") {
    auto const outcome = frond::run_blocking<dropped::throws_first>(frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value() == 1);
}

TEST_CASE("an operation that lets go of its handler later wakes the body with an error") {
    dropped::keeper by;
    net::io_context context(1);
    std::optional<frond::result<int>> outcome;
    auto const take = [&outcome](auto ended) { outcome.emplace(std::move(ended)); };
    SECTION("which fails it") {
        frond::plan_for<dropped::kept>().async_run(frond::arg<"keeper">(by), net::bind_executor(context, take));
        context.poll();
        REQUIRE(by.has_handler());
        CHECK(!outcome);
        by.let_go();
        context.run();
        REQUIRE(outcome);
        CHECK(outcome->error().code() == frond::errc::abandoned);
    }
    SECTION("which it may catch") {
        frond::plan_for<dropped::goes_on>().async_run(frond::arg<"keeper">(by), net::bind_executor(context, take));
        context.poll();
        std::thread([&by] { by.let_go(); }).join();
        context.run();
        REQUIRE(outcome);
        CHECK(outcome->value() == 5);
    }
}

TEST_CASE("a handler that is let go of after a cancellation ends the run, and the context has nothing left to do") {
    dropped::keeper by;
    net::io_context context(1);
    net::cancellation_signal signal;
    std::optional<frond::error> failure;
    frond::plan_for<dropped::kept>().async_run(
        frond::arg<"keeper">(by),
        net::bind_cancellation_slot(signal.slot(), net::bind_executor(context, [&failure](auto const& outcome) {
                                        failure = outcome.error();
                                    })));
    context.poll();
    signal.emit(net::cancellation_type::terminal);
    context.poll();
    CHECK(!failure);
    by.let_go();
    context.run();
    REQUIRE(failure);
    CHECK(failure->is_canceled());
    CHECK(context.stopped());
}
