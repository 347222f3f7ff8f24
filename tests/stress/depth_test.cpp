// Depth takes no stack: of awaits, of exceptions, of frames that are torn down, of static chains, of nested expansions.
#include "run_on.hpp"

#include "../catch.hpp"

#include <stdexcept>
#include <string>

using namespace frond;
using number = std::uint64_t;

namespace {

constexpr number deep = 1'000'000;

async<number> depth_of(number levels) {
    if (levels == 0) {
        stress::handed_over elsewhere;
        co_await elsewhere;
        co_return 0;
    }
    co_return 1 + co_await depth_of(levels - 1);
}

async<number> throw_from(number levels) {
    if (levels == 0) {
        stress::handed_over elsewhere;
        co_await elsewhere;
        throw std::runtime_error("at the bottom");
    }
    co_return co_await throw_from(levels - 1);
}

async<number> nothing() { co_return 1; }

async<number> await_in_a_row(number times) {
    number sum = 0;
    for (number i = 0; i < times; ++i) sum += co_await nothing();
    co_return sum;
}

// Waits for what never comes.
class for_ever {
public:
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        frame.promise().on->suspend_at(frame);
    }
    void await_resume() const noexcept {}
};

async<number> stuck_below(number levels) {
    if (levels == 0) {
        for_ever stuck;
        co_await stuck;
        co_return 0;
    }
    co_return co_await stuck_below(levels - 1);
}

template <class F>
stress::ending& run_alone(F function, stress::ending& end) {
    graph_builder made;
    made.add("it", function);
    auto const planned = stress::plan_of(std::move(made), "it");
    stress::crew crew(1);
    crew.begin(planned, end);
    end.wait();
    return end;
}

}  // namespace

TEST_CASE("a million awaits inside each other need no stack") {
    stress::ending end;
    REQUIRE(run_alone([] { return depth_of(deep); }, end).value == deep);
}

TEST_CASE("a million awaits one after the other need no stack") {
    stress::ending end;
    REQUIRE(run_alone([] { return await_in_a_row(deep); }, end).value == deep);
}

TEST_CASE("an exception passes through a hundred thousand awaits without a stack") {
    stress::ending end;
    REQUIRE(run_alone([] { return throw_from(deep / 10); }, end).failure->message() == "at the bottom");
}

TEST_CASE("a million suspended frames are torn down without a stack") {
    class nowhere final : public executor {
    public:
        void post(work&) noexcept override {}
        void dispatch(work&) noexcept override {}
        unsigned concurrency() const noexcept override { return 1; }
    } home;
    fiber on(home, [](fiber&) noexcept {});
    {
        auto stuck = stuck_below(deep);
        REQUIRE_FALSE(on.run(stuck.start_on(on)));
    }
    SUCCEED();
}

TEST_CASE("a chain of a million nodes is built, planned and run without a stack") {
    graph_builder made;
    made.add("0", [] { return number{0}; });
    for (number i = 1; i < deep; ++i) {
        made.add(std::to_string(i), [](value<number> before) { return *before + 1; }, {std::to_string(i - 1)});
    }
    auto const planned = stress::plan_of(std::move(made), std::to_string(deep - 1));
    stress::crew crew(1);
    stress::ending end;
    crew.begin(planned, end);
    end.wait();
    REQUIRE(end.value == deep - 1);
}

TEST_CASE("expansions inside each other take no stack, and memory for each level alone") {
    constexpr number levels = 10'000;
    graph_builder made;
    for (number i = 0; i < levels; ++i) {
        std::string const name = std::to_string(i);
        if (i == 0) {
            made.add("e0", []() -> expander<number> { co_yield 1; });
        } else {
            made.add("e" + name, [](value<number> above) -> expander<number> { co_yield *above + 1; },
                     {"e" + std::to_string(i - 1)});
        }
    }
    made.add("s" + std::to_string(levels - 1), [](list<number> below) { return below[0]; },
             {"e" + std::to_string(levels - 1)});
    for (number i = levels - 1; i-- > 0;) {
        made.add("s" + std::to_string(i), [](list<number> below) { return below[0]; }, {"s" + std::to_string(i + 1)});
    }
    auto const planned = stress::plan_of(std::move(made), "s0");
    stress::crew crew(1);
    stress::ending end;
    crew.begin(planned, end);
    end.wait();
    REQUIRE(end.value == levels);
}
