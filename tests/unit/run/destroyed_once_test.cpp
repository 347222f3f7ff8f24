// Values on their way: parameters, values of children, elements and outputs. Each is destroyed once, whichever of their moves and
// copies fails.
#include "catch.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/interceptor.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/run_blocking.hpp"
#include "mortal.hpp"

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using frond::async;
using frond::list;
using frond::result;
using frond::stream;
using frond::value;

namespace {

constexpr int children = 5;

mortal made_of(value<mortal> of) { return mortal(of->number()); }

int sum_of_list(list<mortal> of) {
    int sum = 0;
    for (auto const& each : of) sum += each.number();
    return sum;
}
async<int> sum_of_stream(stream<mortal> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += next->number();
    co_return sum;
}
async<int> sum_of_pairs(stream<std::tuple<mortal, mortal>> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += std::get<0>(*next).number();
    co_return sum;
}

/// Two expansions, whose children make values in several ways, and collectors of these.
frond::graph ways() {
    frond::graph_builder built;
    built
        .add("parameter",
             []() -> frond::expander<mortal> {
                 for (int i = 0; i < children; ++i) {
                     mortal next(i);
                     co_yield std::move(next);
                 }
             })
        .add("made", &made_of, {"parameter"})
        .add("again", &made_of, {"made"})
        .add("later", [](value<mortal> of) -> async<mortal> { co_return mortal(of->number()); }, {"parameter"})
        .add("range",
             [] {
                 std::vector<mortal> made;
                 made.reserve(children);
                 for (int i = 0; i < children; ++i) made.emplace_back(i);
                 return frond::expand(std::move(made));
             })
        .add("made of range", &made_of, {"range"});
    built.add("list", &sum_of_list, {"made"})
        .add("stream", &sum_of_stream, {"made"})
        .add("list of again", &sum_of_list, {"again"})
        .add("stream of later", &sum_of_stream, {"later"})
        .add("stream of range", &sum_of_stream, {"made of range"})
        .add("list of parameters", &sum_of_list, {"parameter"})
        .add("pairs", &sum_of_pairs, {frond::parameter_source{"made", "again"}})
        .add("more pairs", &sum_of_pairs, {frond::parameter_source{"made", "again"}})
        .add("last", [](list<mortal> of) { return mortal(of[of.size() - 1].number()); }, {"made"})
        .add("list of results",
             [](list<result<mortal>> of) {
                 int count = 0;
                 for (auto const& each : of) count += each ? 1 : 0;
                 return count;
             },
             {"made"})
        .add("stream of results",
             [](stream<result<mortal>> of) -> async<int> {
                 int count = 0;
                 while (auto next = co_await of.next()) ++count;
                 co_return count;
             },
             {"made"});
    return std::move(built).build().value();
}

frond::named_plan plan_of(std::vector<std::string> wanted, std::vector<std::string> blocking = {}) {
    frond::plan_options options;
    options.wanted = std::move(wanted);
    options.blocking = std::move(blocking);
    return frond::plan_for(ways(), options);
}

/// Runs the plan as often as there are moves and copies, each time another one fails.
void check_every_failure(frond::named_plan const& plan, bool as_values = false) {
    REQUIRE(plan);
    for (std::size_t failing = 1; failing < 1000; ++failing) {
        CAPTURE(failing);
        mortal::count_anew(failing);
        bool const failed = !frond::run_blocking(plan, frond::threads(1));
        bool const one_has_failed = mortal::one_has_failed();
        CHECK(mortal::alive() == 0);
        CHECK(mortal::destroyed_twice() == 0);
        if (!as_values) CHECK(failed == one_has_failed);
        if (!one_has_failed) return;
    }
    FAIL("there is no end of moves and copies");
}

/// Of all that lives and was copied in a run in which nothing fails.
std::size_t copies_in(frond::named_plan const& plan) {
    mortal::count_anew();
    REQUIRE(frond::run_blocking(plan, frond::threads(1)));
    return mortal::copies();
}

}  // namespace

TEST_CASE("parameters and values are destroyed once, whichever of their moves and copies fails") {
    SECTION("values of one function, as a list") { check_every_failure(plan_of({"list"})); }
    SECTION("values of one function, as a stream") { check_every_failure(plan_of({"stream"})); }
    SECTION("values of several functions") { check_every_failure(plan_of({"list of again"})); }
    SECTION("values of coroutines") { check_every_failure(plan_of({"stream of later"})); }
    SECTION("values of the elements of a range") { check_every_failure(plan_of({"stream of range"})); }
    SECTION("the parameters themselves") { check_every_failure(plan_of({"list of parameters"})); }
    SECTION("the parameters themselves, wanted") { check_every_failure(plan_of({"parameter"})); }
    SECTION("the value of a node outside all expansions, wanted") { check_every_failure(plan_of({"last"})); }
    SECTION("several values in one element") { check_every_failure(plan_of({"pairs"})); }
    SECTION("several values in one element, copied") { check_every_failure(plan_of({"pairs", "more pairs"})); }
    SECTION("values with several takers") { check_every_failure(plan_of({"list", "stream", "pairs", "parameter"})); }
    SECTION("values that are collected as results") {
        check_every_failure(plan_of({"list of results", "stream of results"}), true);
    }
}

TEST_CASE("what is made on other executors is destroyed once, whichever of its moves and copies fails") {
    SECTION("values of bodies that block") { check_every_failure(plan_of({"list", "stream", "pairs"}, {"made"})); }
    SECTION("values of bodies that block, as results") {
        check_every_failure(plan_of({"list of results", "stream of results"}, {"made"}), true);
    }
    SECTION("parameters of an expander that blocks") { check_every_failure(plan_of({"stream"}, {"parameter"})); }
    SECTION("elements of a range that blocks") { check_every_failure(plan_of({"stream of range"}, {"range"})); }
}

TEST_CASE("the last taker of a value moves it, and each before it has a copy") {
    CHECK(copies_in(plan_of({"list"})) == 0);
    CHECK(copies_in(plan_of({"list", "stream"})) == children);
    CHECK(copies_in(plan_of({"list", "stream"}, {"made"})) == children);
    CHECK(copies_in(plan_of({"list", "list of again"})) == 0);
    CHECK(copies_in(plan_of({"pairs", "more pairs"})) == 2 * children);
}

namespace {

/// Answers for a node several times, before and after it has run.
struct answers {
    async<void> around_node(frond::node_call& call) {
        bool const mine = call.event().name() == "made";
        if (mine) call.answer(mortal(100));
        async<void> inner = call.next();
        co_await inner;
        if (!mine) co_return;
        call.answer(mortal(200));
        call.answer(mortal(call.value<mortal>().number() + 1));
        if (fails) call.fail(frond::error(frond::errc::node_failed, "not good enough"));
    }
    bool fails = false;
};

}  // namespace

TEST_CASE("a value that an interceptor answers anew, or lets fail, is destroyed") {
    mortal::count_anew();
    auto const plan = plan_of({"list"});
    answers hook;
    auto outcome = frond::run_blocking(plan, hook, frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value().get<int>("list") == children * 201);
    CHECK(mortal::alive() == 0);
    hook.fails = true;
    CHECK_FALSE(frond::run_blocking(plan, hook, frond::threads(1)));
    CHECK(mortal::alive() == 0);
    CHECK(mortal::destroyed_twice() == 0);
}
