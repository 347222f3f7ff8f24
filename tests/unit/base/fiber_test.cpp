#include "frond/base/fiber.hpp"

#include "../../catch.hpp"
#include "by_hand.hpp"

#include <memory>

using by_hand::event;
using frond::async;

namespace {

async<void> wait_for(event& first) { co_await first.wait(); }

async<void> wait_for_both(event& first, event& second) {
    co_await first.wait();
    co_await second.wait();
}

}  // namespace

TEST_CASE("a fiber that waits is resumed by a wake, on its home executor") {
    by_hand::executor home;
    event wakes;
    by_hand::driver<void> driven(home, wait_for(wakes));
    driven.start();
    REQUIRE_FALSE(driven.stopped());

    wakes.fire();
    CHECK_FALSE(driven.stopped());
    CHECK(home.posted == 1);
    home.run();
    CHECK(driven.told() == 1);
}

TEST_CASE("a fiber that is woken before it has parked goes on, and nothing is posted") {
    by_hand::executor home;
    event wakes;
    auto body = [](event& early) -> async<void> { co_await early.wait_for_what_comes_at_once(); };
    by_hand::driver<void> driven(home, body(wakes));
    driven.start();
    CHECK(driven.stopped());
    CHECK(driven.told() == 0);
    CHECK(home.posted == 0);
}

TEST_CASE("a fiber that is woken in its home's pump runs next there, and nothing is posted") {
    by_hand::executor home;
    event wakes;
    by_hand::driver<void> waiting(home, wait_for(wakes));
    waiting.start();
    auto body = [](event& other) -> async<void> {
        other.fire();
        co_return;
    };
    by_hand::driver<void> waking(home, body(wakes));
    waking.start();
    CHECK(waiting.told() == 1);
    CHECK(home.posted == 0);
}

TEST_CASE("a fiber that is woken in another executor's pump is posted to its own") {
    by_hand::executor home;
    by_hand::executor other;
    event wakes;
    by_hand::driver<void> waiting(home, wait_for(wakes));
    waiting.start();
    auto body = [](event& from_there) -> async<void> {
        from_there.fire();
        co_return;
    };
    by_hand::driver<void> waking(other, body(wakes));
    waking.start();
    CHECK_FALSE(waiting.stopped());
    CHECK(home.posted == 1);
    home.run();
    CHECK(waiting.told() == 1);
}

TEST_CASE("a cancellation interrupts the suspension that lasts, once, however often it is asked for") {
    by_hand::executor home;
    event wakes;
    by_hand::driver<void> driven(home, wait_for(wakes));
    driven.start();

    driven.cancel();
    driven.cancel();
    CHECK(wakes.interrupted == 0);  // only on the home executor
    home.run();
    driven.cancel();
    home.run();
    CHECK(wakes.interrupted == 1);
    CHECK_FALSE(driven.stopped());  // the wake still has to come

    wakes.fire();
    home.run();
    CHECK(driven.told() == 1);
}

TEST_CASE("a cancellation interrupts every suspension that begins later, once each") {
    by_hand::executor home;
    event first;
    event second;
    by_hand::driver<void> driven(home, wait_for_both(first, second));
    driven.start();
    driven.cancel();
    home.run();
    REQUIRE(first.interrupted == 1);

    first.fire();
    home.run();
    REQUIRE(second.has_waiter());
    CHECK(second.interrupted == 1);

    second.fire();
    home.run();
    CHECK(driven.told() == 1);
    CHECK(first.interrupted == 1);
    CHECK(second.interrupted == 1);
}

TEST_CASE("a cancellation never interrupts a suspension that has been woken") {
    by_hand::executor home;
    event first;
    event second;
    by_hand::driver<void> driven(home, wait_for_both(first, second));
    driven.start();

    SECTION("the wake comes before the cancellation") {
        first.fire();
        driven.cancel();
    }
    SECTION("the wake comes while the interruption is on its way") {
        driven.cancel();
        first.fire();
    }
    home.run();
    CHECK(first.interrupted == 0);
    CHECK(second.interrupted == 1);
    second.fire();
    home.run();
    CHECK(driven.told() == 1);
}

TEST_CASE("a cancellation does not interrupt by what an earlier suspension would have been interrupted by") {
    /// Waits for something that no cancellation can end early.
    struct steady_awaiter {
        frond::fiber*& waiter;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<frond::async<void>::promise_type> frame) const noexcept {
            waiter = frame.promise().on;
            waiter->suspend_at(frame);
        }
        void await_resume() const noexcept {}
    };
    by_hand::executor home;
    event first;
    frond::fiber* waiter = nullptr;
    auto body = [](event& before, frond::fiber*& waiting) -> async<void> {
        co_await before.wait();
        steady_awaiter steady{waiting};
        co_await steady;
    };
    by_hand::driver<void> driven(home, body(first, waiter));
    driven.start();
    first.fire();
    home.run();
    REQUIRE(waiter != nullptr);
    driven.cancel();
    home.run();
    CHECK(first.interrupted == 0);
    waiter->wake();
    home.run();
    CHECK(driven.told() == 1);
}

TEST_CASE("a cancelled fiber that is woken before it has parked is not interrupted") {
    by_hand::executor home;
    event wakes;
    auto body = [](event& early) -> async<void> { co_await early.wait_for_what_comes_at_once(); };
    by_hand::driver<void> driven(home, body(wakes));
    driven.cancel();
    driven.start();
    home.run();
    CHECK(wakes.interrupted == 0);
    CHECK(driven.told() == 1);
}

TEST_CASE("an interruption that arrives while the frames run takes effect when they suspend") {
    by_hand::executor home;
    event wakes;
    by_hand::driver<void>* self = nullptr;
    auto body = [](by_hand::driver<void>*& me, by_hand::executor& on, event& wait) -> async<void> {
        me->cancel();
        on.run();  // as another thread of the executor would
        co_await wait.wait();
    };
    by_hand::driver<void> driven(home, body(self, home, wakes));
    self = &driven;
    driven.start();
    CHECK(wakes.interrupted == 1);
    CHECK_FALSE(driven.stopped());
    wakes.fire();
    home.run();
    CHECK(driven.told() == 1);
}

TEST_CASE("a suspension that its interruption wakes goes on, and its end is told once") {
    by_hand::executor home;
    event wakes;
    wakes.wakes_when_interrupted = true;
    by_hand::driver<void> driven(home, wait_for(wakes));

    SECTION("it waits when the interruption comes") {
        driven.start();
        driven.cancel();
    }
    SECTION("it is cancelled before it starts") {
        driven.cancel();
        driven.start();
    }
    home.run();
    CHECK(wakes.interrupted == 1);
    CHECK(driven.told() == 1);
}

TEST_CASE("a fiber that stops while its interruption is on its way tells so once, when that is over") {
    by_hand::executor home;
    event wakes;
    by_hand::driver<void> driven(home, wait_for(wakes));
    driven.start();
    wakes.fire();
    driven.cancel();

    REQUIRE(home.run_one());  // the wake: the frames end
    CHECK_FALSE(wakes.has_waiter());
    CHECK(driven.told() == 0);
    REQUIRE(home.run_one());  // the interruption
    CHECK(driven.told() == 1);
    CHECK(home.idle());
    CHECK(wakes.interrupted == 0);
}

TEST_CASE("a fiber that was cancelled before it started tells its end when the interruption is over") {
    by_hand::executor home;
    auto body = []() -> async<void> { co_return; };
    by_hand::driver<void> driven(home, body());
    driven.cancel();
    driven.start();
    CHECK_FALSE(driven.stopped());  // the interruption is on its way: it is not to be destroyed yet
    home.run();
    CHECK(driven.told() == 1);
}

namespace {

/// A fiber whose owner destroys it when it stops, and that is cancelled until then.
class cancelled_at_its_end : public frond::fiber {
public:
    cancelled_at_its_end(frond::executor& home, async<void> body)
        : fiber(home, &cancelled_at_its_end::on_stop), body_(std::move(body)) {}

    bool start() noexcept { return run(body_.start_on(*this)); }

private:
    static void on_stop(frond::fiber& self) noexcept {
        self.cancel();
        delete &static_cast<cancelled_at_its_end&>(self);
    }

    async<void> body_;
};

}  // namespace

TEST_CASE("a cancellation that comes when the frames have stopped posts nothing") {
    by_hand::executor home;
    event wakes;

    SECTION("a fiber that was told to have stopped may be destroyed at once") {
        auto* const driven = new cancelled_at_its_end(home, wait_for(wakes));
        REQUIRE_FALSE(driven->start());
        wakes.fire();
        REQUIRE(home.run_one());
    }
    SECTION("so may one that has settled") {
        auto body = [](event& early) -> async<void> { co_await early.wait_for_what_comes_at_once(); };
        auto driven = std::make_unique<by_hand::driver<void>>(home, body(wakes));
        driven->start();
        REQUIRE(driven->stopped());
        driven->cancel();
        driven.reset();
    }
    CHECK(home.idle());
}

TEST_CASE("what the waker wrote is seen by the frames, and what they wrote by the next waker") {
    by_hand::executor home;
    event wakes;
    int from_waker = 0;
    auto body = [](event& wait, int& value) -> async<int> {
        int sum = 0;
        for (int i = 0; i < 3; ++i) {
            co_await wait.wait();
            sum += value;
        }
        co_return sum;
    };
    by_hand::driver<int> driven(home, body(wakes, from_waker));
    driven.start();
    for (int i = 1; i <= 3; ++i) {
        from_waker = i;
        wakes.fire();
        home.run();
    }
    REQUIRE(driven.told() == 1);
    CHECK(driven.take() == 6);
}
