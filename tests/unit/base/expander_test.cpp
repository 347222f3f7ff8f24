#include "frond/base/expander.hpp"

#include "../../catch.hpp"
#include "by_hand.hpp"

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

using by_hand::counted;
using frond::expander;

namespace {

/// Takes from an expander what it yields, by buffers of a size.
template <class T>
class taker {
public:
    taker(frond::executor& home, expander<T> source, unsigned capacity)
        : fiber_(home, &taker::on_stop, *this), source_(std::move(source)), capacity_(capacity), buffer_(capacity) {
        source_.promise().on = &fiber_;
    }

    /// Runs it on with an empty buffer. Gives true if it stopped, false if it waits.
    bool advance() {
        auto& promise = source_.promise();
        promise.buffer = buffer_.data();
        promise.capacity = capacity_;
        promise.count = 0;
        return promise.advance(source_.frame()) || fiber_.settle();
    }
    /// What lies in the buffer.
    std::vector<T> take() {
        std::vector<T> taken;
        unsigned const count = std::exchange(promise().count, 0U);
        for (unsigned i = 0; i < count; ++i) {
            T& value = *std::launder(reinterpret_cast<T*>(&buffer_[i]));
            taken.push_back(std::move(value));
            std::destroy_at(&value);
        }
        return taken;
    }
    /// Everything it yields, if it never waits.
    std::vector<T> take_all() {
        std::vector<T> all;
        do {
            REQUIRE(advance());
            for (T& each : take()) all.push_back(std::move(each));
        } while (!promise().ended);
        return all;
    }

    frond::detail::expander_promise_base& promise() { return source_.promise(); }
    frond::fiber& fiber() { return fiber_; }
    int told() const { return told_; }

private:
    struct room {
        alignas(T) std::byte bytes[sizeof(T)];
    };
    struct owned_fiber : frond::fiber {
        owned_fiber(frond::executor& home, stopped on_stop, taker& owner) noexcept : fiber(home, on_stop), of(owner) {}
        taker& of;
    };
    static void on_stop(frond::fiber& self) noexcept { ++static_cast<owned_fiber&>(self).of.told_; }

    owned_fiber fiber_;
    expander<T> source_;
    unsigned capacity_;
    std::vector<room> buffer_;
    int told_ = 0;
};

expander<int> count_to(int end) {
    for (int i = 0; i < end; ++i) co_yield i;
}

/// Suspends to no purpose: it goes on by itself.
struct changes_its_mind {
    int& begun;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<>) const noexcept {
        ++begun;
        return false;
    }
    void await_resume() const noexcept {}
};

struct cannot_suspend {
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<>) const { throw std::runtime_error("cannot suspend"); }
    void await_resume() const noexcept {}
};

}  // namespace

TEST_CASE("an expander fills the buffer without suspending and stops when it is full") {
    by_hand::executor home;
    taker<int> from(home, count_to(10), 4);
    REQUIRE(from.advance());
    CHECK(from.take() == std::vector{0, 1, 2, 3});
    CHECK_FALSE(from.promise().ended);
    REQUIRE(from.advance());
    CHECK(from.take() == std::vector{4, 5, 6, 7});
    REQUIRE(from.advance());
    CHECK(from.take() == std::vector{8, 9});
    CHECK(from.promise().ended);
    CHECK(home.posted == 0);
}

TEST_CASE("an expander does nothing before it is run, and no more than its buffer asks for") {
    int made = 0;
    auto source = [](int& count) -> expander<int> {
        for (;;) co_yield ++count;
    };
    by_hand::executor home;
    taker<int> from(home, source(made), 3);
    CHECK(made == 0);
    REQUIRE(from.advance());
    CHECK(made == 3);
}

TEST_CASE("an expander that has filled its last buffer says on the next run that it has ended") {
    by_hand::executor home;
    taker<int> from(home, count_to(4), 4);
    REQUIRE(from.advance());
    CHECK(from.take().size() == 4);
    CHECK_FALSE(from.promise().ended);
    REQUIRE(from.advance());
    CHECK(from.take().empty());
    CHECK(from.promise().ended);
}

TEST_CASE("an expander that yields nothing ends at once") {
    by_hand::executor home;
    taker<int> from(home, count_to(0), 4);
    REQUIRE(from.advance());
    CHECK(from.promise().count == 0);
    CHECK(from.promise().ended);
}

TEST_CASE("a million values come through a buffer of one, in order") {
    by_hand::executor home;
    taker<int> from(home, count_to(1'000'000), 1);
    auto const all = from.take_all();
    REQUIRE(all.size() == 1'000'000);
    bool in_order = true;
    for (std::size_t i = 0; i < all.size(); ++i) in_order = in_order && all[i] == static_cast<int>(i);
    CHECK(in_order);
}

TEST_CASE("an expander that has yielded stops before it awaits, and awaits when its values are taken") {
    by_hand::executor home;
    by_hand::event wakes;
    auto source = [](by_hand::event& wait) -> expander<int> {
        co_yield 1;
        co_yield 2;
        co_await wait.wait();
        co_yield 3;
    };
    taker<int> from(home, source(wakes), 8);
    REQUIRE(from.advance());
    CHECK(from.take() == std::vector{1, 2});
    CHECK(from.promise().postponed != nullptr);
    CHECK_FALSE(wakes.has_waiter());

    REQUIRE_FALSE(from.advance());
    CHECK(from.promise().postponed == nullptr);
    REQUIRE(wakes.has_waiter());
    wakes.fire();
    home.run();
    CHECK(from.told() == 1);
    CHECK(from.take() == std::vector{3});
    CHECK(from.promise().ended);
}

TEST_CASE("an expander that has yielded nothing awaits at once") {
    by_hand::executor home;
    by_hand::event wakes;
    auto source = [](by_hand::event& wait) -> expander<int> {
        co_await wait.wait();
        co_yield 1;
    };
    taker<int> from(home, source(wakes), 8);
    REQUIRE_FALSE(from.advance());
    CHECK(wakes.has_waiter());
    wakes.fire();
    home.run();
    CHECK(from.take() == std::vector{1});
}

TEST_CASE("an await that turns out not to suspend goes on, postponed or not") {
    by_hand::executor home;
    int begun = 0;
    auto source = [](int& count) -> expander<int> {
        co_await changes_its_mind{count};
        co_yield 1;
        co_await changes_its_mind{count};
        co_yield 2;
    };
    taker<int> from(home, source(begun), 8);
    REQUIRE(from.advance());
    CHECK(begun == 1);
    CHECK(from.take() == std::vector{1});
    REQUIRE(from.advance());
    CHECK(begun == 2);
    CHECK(from.take() == std::vector{2});
    CHECK(from.promise().ended);
}

TEST_CASE("an await that fails to begin throws in the expander, postponed or not") {
    by_hand::executor home;
    auto source = []() -> expander<std::string> {
        for (int i = 0; i < 2; ++i) {
            std::string told;
            try {
                co_await cannot_suspend{};
            } catch (std::exception const& caught) {
                told = caught.what();
            }
            co_yield told;
        }
    };
    taker<std::string> from(home, source(), 8);
    CHECK(from.take_all() == std::vector<std::string>{"cannot suspend", "cannot suspend"});
}

TEST_CASE("an expander may await asyncs between its values") {
    by_hand::executor home;
    auto twice = [](int value) -> frond::async<int> { co_return 2 * value; };
    auto source = [&twice]() -> expander<int> {
        for (int i = 0; i < 3; ++i) {
            int const value = co_await twice(i);
            co_yield value;
        }
    };
    taker<int> from(home, source(), 8);
    CHECK(from.take_all() == std::vector{0, 2, 4});
}

TEST_CASE("an expander that throws has ended, and what it has yielded is there") {
    by_hand::executor home;
    auto source = []() -> expander<int> {
        co_yield 1;
        throw std::runtime_error("no more");
    };
    taker<int> from(home, source(), 8);
    REQUIRE(from.advance());
    CHECK(from.promise().ended);
    CHECK(from.take() == std::vector{1});
    REQUIRE(from.promise().exception);
    CHECK_THROWS_WITH(std::rethrow_exception(from.promise().exception), "no more");
}

namespace {

struct cannot_move {
    cannot_move() = default;
    cannot_move(cannot_move const&) = default;
    cannot_move(cannot_move&&) { throw std::runtime_error("cannot move"); }
};

}  // namespace

TEST_CASE("a value that cannot be moved into the buffer is not counted, and throws in the expander") {
    by_hand::executor home;
    bool caught = false;
    auto source = [](bool& told) -> expander<cannot_move> {
        try {
            cannot_move value;
            co_yield value;
        } catch (std::runtime_error const&) {
            told = true;
        }
    };
    taker<cannot_move> from(home, source(caught), 8);
    REQUIRE(from.advance());
    CHECK(caught);
    CHECK(from.promise().count == 0);
    CHECK(from.promise().ended);
}

TEST_CASE("values that can only be moved are yielded") {
    by_hand::executor home;
    auto source = []() -> expander<std::unique_ptr<int>> {
        for (int i = 0; i < 3; ++i) co_yield std::make_unique<int>(i);
    };
    taker<std::unique_ptr<int>> from(home, source(), 2);
    auto const all = from.take_all();
    REQUIRE(all.size() == 3);
    CHECK(*all[2] == 2);
}

TEST_CASE("what is made in a yield's expression is destroyed once") {
    by_hand::executor home;
    auto source = []() -> expander<counted> {
        for (int i = 0; i < 5; ++i) co_yield counted();
    };
    {
        taker<counted> from(home, source(), 2);
        CHECK(from.take_all().size() == 5);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("an expander that is given up destroys what is in its frame") {
    by_hand::executor home;
    by_hand::event never;
    auto source = [](by_hand::event& wait, counted) -> expander<int> {
        counted const local;
        co_yield 1;
        co_await wait.wait();
    };
    SECTION("before it has begun") {
        taker<int> const from(home, source(never, counted()), 8);
        CHECK(counted::alive == 1);
    }
    SECTION("while an await is postponed") {
        taker<int> from(home, source(never, counted()), 8);
        REQUIRE(from.advance());
        CHECK(counted::alive == 2);
    }
    SECTION("while it waits") {
        taker<int> from(home, source(never, counted()), 8);
        REQUIRE(from.advance());
        REQUIRE_FALSE(from.advance());
        CHECK(counted::alive == 2);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("a cancellation reaches an expander that has stopped and waits again") {
    by_hand::executor home;
    by_hand::event first;
    by_hand::event second;
    auto source = [](by_hand::event& one, by_hand::event& two) -> expander<int> {
        co_await one.wait();
        co_yield 1;
        co_await two.wait();
    };
    taker<int> from(home, source(first, second), 8);
    REQUIRE_FALSE(from.advance());
    first.fire();
    home.run();
    REQUIRE(from.told() == 1);
    CHECK(from.take() == std::vector{1});

    SECTION("cancelled between the two runs") {
        from.fiber().cancel();
        CHECK(home.idle());
        REQUIRE_FALSE(from.advance());
    }
    SECTION("cancelled while it waits") {
        REQUIRE_FALSE(from.advance());
        from.fiber().cancel();
    }
    home.run();
    CHECK(second.interrupted == 1);
    second.fire();
    home.run();
    CHECK(from.told() == 2);
    CHECK(from.promise().ended);
}
