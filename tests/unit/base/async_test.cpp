#include "frond/base/async.hpp"
#include "frond/base/error.hpp"

#include "../../catch.hpp"
#include "by_hand.hpp"

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using by_hand::counted;
using frond::async;

namespace {

constexpr std::uint64_t deep = 1'000'000;

async<std::uint64_t> depth(std::uint64_t below, by_hand::event* bottom = nullptr) {
    if (below == 0) {
        if (bottom != nullptr) co_await bottom->wait();
        co_return 0;
    }
    co_return 1 + co_await depth(below - 1, bottom);
}

async<std::uint64_t> give(std::uint64_t value) { co_return value; }

async<std::uint64_t> first_of(std::uint64_t* of) { co_return *of; }

async<std::uint64_t> sum_of_ones(std::uint64_t count) {
    std::uint64_t sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) sum += co_await give(1);
    co_return sum;
}

async<void> fail_below(std::uint64_t below) {
    if (below == 0) throw std::runtime_error("from the bottom");
    co_await fail_below(below - 1);
}

}  // namespace

TEST_CASE("an async gives what its coroutine returns") {
    CHECK(by_hand::run(give(42)) == 42);

    auto text = []() -> async<std::string> { co_return "made from what converts"; };
    CHECK(by_hand::run(text()) == "made from what converts");

    auto owner = []() -> async<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
    CHECK(*by_hand::run(owner()) == 7);
}

TEST_CASE("a coroutine whose one parameter is a pointer leaves alone what that points to") {
    std::vector<std::uint64_t> numbers(256, 7);
    auto const first = [](std::uint64_t* of) -> async<std::uint64_t> { co_return *of; };
    CHECK(by_hand::run(first(numbers.data())) == 7);
    CHECK(by_hand::run(first_of(numbers.data())) == 7);
    CHECK(numbers == std::vector<std::uint64_t>(256, 7));
}

TEST_CASE("an async does nothing before it is awaited") {
    bool begun = false;
    auto body = [](bool& flag) -> async<void> {
        flag = true;
        co_return;
    };
    auto outer = [](async<void> inner, bool& flag) -> async<bool> {
        bool const before = flag;
        co_await std::move(inner);
        co_return before;
    };
    CHECK_FALSE(by_hand::run(outer(body(begun), begun)));
    CHECK(begun);
}

TEST_CASE("awaiting a million deep needs no stack") { CHECK(by_hand::run(depth(deep)) == deep); }

TEST_CASE("a million completed awaits in a loop need no stack") { CHECK(by_hand::run(sum_of_ones(deep)) == deep); }

TEST_CASE("a chain that waited a million deep unwinds without stack") {
    by_hand::executor here;
    by_hand::event bottom;
    by_hand::driver<std::uint64_t> driven(here, depth(deep, &bottom));
    driven.start();
    REQUIRE_FALSE(driven.stopped());
    bottom.fire();
    here.run();
    REQUIRE(driven.told() == 1);
    CHECK(driven.take() == deep);
}

TEST_CASE("a suspended chain a million deep is torn down without stack") {
    by_hand::executor here;
    by_hand::event never;
    by_hand::driver<std::uint64_t> driven(here, depth(deep, &never));
    driven.start();
    REQUIRE_FALSE(driven.stopped());
    driven.destroy();
    CHECK_FALSE(driven.stopped());
}

TEST_CASE("an exception travels through every await to whoever takes the value") {
    CHECK_THROWS_WITH(by_hand::run(fail_below(10'000)), "from the bottom");
}

TEST_CASE("an exception may be caught around an await, and another may follow") {
    auto body = []() -> async<std::string> {
        std::string told;
        for (int i = 0; i < 3; ++i) {
            try {
                co_await fail_below(1);
            } catch (std::exception const& caught) {
                told += caught.what();
                told += ' ';
            }
        }
        co_return told;
    };
    CHECK(by_hand::run(body()) == "from the bottom from the bottom from the bottom ");
}

TEST_CASE("an async that is destroyed unawaited destroys its parameters") {
    auto body = [](counted, std::shared_ptr<int>) -> async<void> { co_return; };
    auto shared = std::make_shared<int>(1);
    {
        auto const unawaited = body(counted(), shared);
        CHECK(counted::alive == 1);
        CHECK(shared.use_count() == 2);
    }
    CHECK(counted::alive == 0);
    CHECK(shared.use_count() == 1);
}

TEST_CASE("tearing a suspended chain down destroys everything in its frames once") {
    by_hand::executor here;
    by_hand::event never;
    auto inner = [](by_hand::event& wait, counted) -> async<counted> {
        counted const local;
        co_await wait.wait();
        co_return local;
    };
    auto outer = [&inner](by_hand::event& wait) -> async<void> {
        counted const first;
        counted const second = co_await inner(wait, counted());
    };
    by_hand::driver<void> driven(here, outer(never));
    driven.start();
    CHECK(counted::alive >= 3);
    driven.destroy();
    CHECK(counted::alive == 0);
}

namespace {

/// Writes a letter when it is destroyed.
struct farewell {
    farewell(std::string& to, char letter) noexcept : to_(&to), letter_(letter) {}
    farewell(farewell&& other) noexcept : to_(std::exchange(other.to_, nullptr)), letter_(other.letter_) {}
    farewell& operator=(farewell&&) = delete;
    ~farewell() {
        if (to_ != nullptr) *to_ += letter_;
    }

private:
    std::string* to_;
    char letter_;
};

}  // namespace

TEST_CASE("the frame of an awaited coroutine is destroyed as soon as its awaiter has the value") {
    std::string order;
    auto inner = [](farewell) -> async<int> { co_return 1; };
    auto outer = [&inner](std::string& to) -> async<int> {
        farewell const local(to, 'l');
        auto named = inner(farewell(to, 'p'));
        int const value = co_await named;
        to += 'v';
        co_return value;
    };
    CHECK(by_hand::run(outer(order)) == 1);
    CHECK(order == "pvl");
}

TEST_CASE("the frames that a destroyed coroutine awaits go before its locals, the innermost first") {
    by_hand::executor here;
    by_hand::event never;
    std::string order;
    auto third = [](by_hand::event& wait, farewell) -> async<void> { co_await wait.wait(); };
    auto second = [&third](by_hand::event& wait, std::string& to, farewell) -> async<void> {
        farewell const local(to, '2');
        auto below = third(wait, farewell(to, 'c'));
        farewell const later(to, 'x');
        co_await below;
    };
    auto first = [&second](by_hand::event& wait, std::string& to) -> async<void> {
        farewell const local(to, '1');
        co_await second(wait, to, farewell(to, 'b'));
    };
    by_hand::driver<void> driven(here, first(never, order));
    driven.start();
    order.clear();
    driven.destroy();
    CHECK(order == "cx2b1");
}

TEST_CASE("an async that was never awaited goes before the locals that are older") {
    by_hand::executor here;
    by_hand::event never;
    std::string order;
    auto inner = [](farewell) -> async<void> { co_return; };
    auto outer = [&inner](by_hand::event& wait, std::string& to) -> async<void> {
        farewell const local(to, 'l');
        auto const unawaited = inner(farewell(to, 'u'));
        co_await wait.wait();
    };
    by_hand::driver<void> driven(here, outer(never, order));
    driven.start();
    order.clear();
    driven.destroy();
    CHECK(order == "ul");
}

TEST_CASE("coroutines that hold each other a million deep, and have not begun, are destroyed without stack") {
    auto hold = [](async<void> inner) -> async<void> { co_await inner; };
    auto nothing = []() -> async<void> { co_return; };
    auto outermost = nothing();
    for (std::uint64_t i = 0; i < deep; ++i) outermost = hold(std::move(outermost));
    outermost = nothing();
    SUCCEED();
}

TEST_CASE("a coroutine whose frames are stopped before their end gives the reason in the place of a value") {
    by_hand::executor here;
    by_hand::event never;
    by_hand::driver<std::uint64_t> driven(here, depth(10, &never));
    driven.start();
    try {
        driven.take();
        FAIL("it gave a value");
    } catch (frond::bad_result const& e) {
        CHECK(e.error().code() == frond::errc::abandoned);
    }
    driven.destroy();
}

TEST_CASE("what is passed to an awaited coroutine in the expression is destroyed once") {
    auto take = [](counted, std::string text) -> async<std::size_t> { co_return text.size(); };
    auto body = [&take]() -> async<std::size_t> {
        std::size_t sum = 0;
        for (int i = 0; i < 3; ++i) sum += co_await take(counted(), std::string(100, 'x'));
        co_return sum;
    };
    CHECK(by_hand::run(body()) == 300);
    CHECK(counted::alive == 0);
}

TEST_CASE("an async that is assigned over is destroyed") {
    auto body = [](counted) -> async<int> { co_return 1; };
    auto kept = body(counted());
    kept = body(counted());
    CHECK(counted::alive == 1);
    CHECK(by_hand::run(std::move(kept)) == 1);
    CHECK(counted::alive == 0);
}

namespace {

/// No awaitable of ours.
struct foreign {
    int value;
};

struct foreign_awaiter {
    int value;
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    int await_resume() const noexcept { return value; }
};

}  // namespace

template <>
struct frond::await_adaptor<foreign> {
    static constexpr bool adapts = true;
    static foreign_awaiter adapt(foreign const& what) noexcept { return {what.value}; }
};

TEST_CASE("a foreign type is awaited through its adaptor") {
    auto body = []() -> async<int> {
        foreign const what{5};
        co_return co_await what;
    };
    CHECK(by_hand::run(body()) == 5);
}
