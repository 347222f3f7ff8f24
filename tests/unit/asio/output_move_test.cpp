// What moving a value throws is a failure, wherever the value is moved, and never the end of the process.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace output_move {

// Counts all moves and copies from when it is set, and throws at one of them.
int left = 0;

struct bomb {
    bomb() = default;
    bomb(bomb&&) { step(); }
    bomb(bomb const&) { step(); }
    static void step() {
        if (--left == 0) throw std::runtime_error("bomb");
    }
};

bomb one() { return bomb(); }
bomb other() { return bomb(); }
frond::async<bomb> waits() { co_return bomb(); }

frond::expander<bomb> child() {
    for (int i = 0; i < 3; ++i) co_yield bomb();
}
bomb of_child(frond::in<child>) { return bomb(); }
int listed(frond::all<of_child> of) { return static_cast<int>(of.size()); }
frond::async<int> streamed(frond::each<of_child> of) {
    int got = 0;
    while (co_await of.next()) ++got;
    co_return got;
}
int taken(frond::take<one> of) {
    bomb const mine(std::move(*of));
    return 1;
}
int given(frond::input<"bomb", bomb>) { return 1; }

/// Runs until no move is left that throws; each run before that has failed by its bomb. Gives how many have.
template <class Run>
int failures_of(Run run) {
    for (int at = 1; at < 100; ++at) {
        left = at;
        std::optional<frond::error> const failure = run();
        bool const thrown = left <= 0;
        if (!failure) {
            CHECK_FALSE(thrown);
            return at - 1;
        }
        CHECK(thrown);
        CHECK(failure->message() == "bomb");
    }
    return 100;
}

template <class T>
std::optional<frond::error> error_of(frond::result<T> const& outcome) {
    return outcome ? std::nullopt : std::optional(outcome.error());
}

template <class Plan>
int blocking_failures(Plan const& plan) {
    return failures_of([&] { return error_of(frond::run_blocking(plan, frond::threads(1))); });
}

template <class Plan>
int async_failures(Plan const& plan) {
    return failures_of([&] {
        std::optional<frond::error> failure;
        frond::net::io_context context;
        plan.async_run(frond::net::bind_executor(context, [&](auto const& outcome) { failure = error_of(outcome); }));
        context.run();
        return failure;
    });
}

}  // namespace output_move

using namespace output_move;

TEST_CASE("each move of a wanted value may throw, of one or of several, on threads and on Asio") {
    CHECK(blocking_failures(frond::plan_for<one>()) >= 2);
    CHECK(blocking_failures(frond::plan_for<one, other>()) >= 4);
    CHECK(blocking_failures(frond::plan_for<waits>()) >= 3);
    CHECK(async_failures(frond::plan_for<one>()) >= 2);
    CHECK(async_failures(frond::plan_for<one, other>()) >= 4);
    CHECK(async_failures(frond::plan_for<waits>()) >= 3);
}

TEST_CASE("each move of an output that is found by name may throw") {
    frond::graph_builder made;
    made.add("one", [] { return bomb(); }, {});
    made.add("other", [] { return bomb(); }, {});
    frond::plan_options options;
    options.wanted = {"one", "other"};
    auto const plan = frond::plan_for(std::move(made).build().value(), options);
    CHECK(blocking_failures(plan) >= 2);
    CHECK(async_failures(plan) >= 2);
}

TEST_CASE("each move of a parameter, and of a value that is collected or taken, may throw") {
    CHECK(blocking_failures(frond::plan_for<listed>()) >= 6);
    CHECK(blocking_failures(frond::plan_for<streamed>()) >= 6);
    CHECK(blocking_failures(frond::plan_for<child>()) >= 3);
    CHECK(blocking_failures(frond::plan_for<taken>()) >= 1);
}

TEST_CASE("each copy and move of an input may throw") {
    auto const plan = frond::plan_for<given>();
    CHECK(failures_of([&] {
              bomb const mine;
              return error_of(frond::run_blocking(plan, frond::arg<"bomb">(mine), frond::threads(1)));
          }) >= 1);
    CHECK(failures_of([&] {
              int const at = std::exchange(left, 0);  // the argument is made before the run, and moves, too
              auto mine = frond::arg<"bomb">(bomb());
              left = at;
              return error_of(frond::run_blocking(plan, std::move(mine), frond::threads(1)));
          }) >= 1);
}

TEST_CASE("each move of what a spawned coroutine gives may throw") {
    CHECK(failures_of([] {
              std::optional<frond::error> failure;
              frond::net::io_context context;
              frond::spawn(context.get_executor(), waits(),
                           [&](frond::result<bomb> const& outcome) { failure = error_of(outcome); });
              context.run();
              return failure;
          }) >= 2);
}
