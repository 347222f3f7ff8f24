// Which limiters a plan asks for, and which one bounds the children of which expander.
#include "run/limits.hpp"
#include "catch.hpp"

#include "frond/frond.hpp"

#include <optional>

using frond::all;
using frond::expander;
using frond::in;

namespace limits_test {

expander<int> file() { co_yield 1; }
expander<int> line(in<file> of) { co_yield *of; }
int lines(all<line> of) { return static_cast<int>(of.size()); }
int total(all<lines> of) { return static_cast<int>(of.size()); }

auto const plan = frond::plan_for<total>(frond::options().limit(3).limit<line>(2));
auto const both =
    frond::plan_for<total>(frond::options().limit(9).limit<line>(4).limit_each<line>(2).limit_each<file>(5));

unsigned width(frond::slot_limiter& of) {
    unsigned taken = 0;
    while (of.try_take()) ++taken;
    for (unsigned i = 0; i < taken; ++i) of.give();
    return taken;
}

}  // namespace limits_test

using namespace limits_test;

TEST_CASE("the run has as many slots as its plan's limit") {
    frond::limits of(*plan.get());
    CHECK(width(of.slots) == 3);
}

TEST_CASE("an expander with a limit of its own has one limiter for all its expansions in the run") {
    frond::limits of(*plan.get());
    std::optional<frond::slot_limiter> own;
    auto* const one = of.open_children(plan.get()->scopes[2], own);
    auto* const other = of.open_children(plan.get()->scopes[2], own);
    REQUIRE(one == other);
    CHECK(width(*one) == 2);
    CHECK_FALSE(own);
}

TEST_CASE(
    "an expansion whose expander has a limit in each parent has a limiter to itself, beside that of the whole run") {
    frond::limits of(*both.get());
    std::optional<frond::slot_limiter> own, others, outer;
    auto* const shared = of.open_children(both.get()->scopes[2], own);
    REQUIRE(shared != nullptr);
    CHECK(of.open_children(both.get()->scopes[2], others) == shared);
    CHECK(width(*shared) == 4);
    CHECK(width(*own) == 2);
    CHECK(width(*others) == 2);
    CHECK(of.open_children(both.get()->scopes[1], outer) == nullptr);
    CHECK(width(*outer) == 5);
}

TEST_CASE("an expansion whose expander has no limit has a limiter to itself, as wide as the run's") {
    frond::limits of(*plan.get());
    std::optional<frond::slot_limiter> own;
    CHECK(of.open_children(plan.get()->scopes[1], own) == nullptr);
    CHECK(width(*own) == 3);
}

TEST_CASE("a credit is given back once, and only if it is held") {
    frond::limits of(*plan.get());
    frond::slot_credit credit;
    of.give(credit);
    CHECK(width(of.slots) == 3);
    credit.held = of.slots.try_take();
    CHECK(width(of.slots) == 2);
    of.give(credit);
    of.give(credit);
    CHECK(width(of.slots) == 3);
}
