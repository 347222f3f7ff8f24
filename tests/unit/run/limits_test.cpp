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
    auto& one = of.open_children(plan.get()->scopes[2], own);
    auto& other = of.open_children(plan.get()->scopes[2], own);
    CHECK(&one == &other);
    CHECK(width(one) == 2);
    CHECK_FALSE(own);
}

TEST_CASE("an expansion whose expander has no limit has a limiter to itself, as wide as the run's") {
    frond::limits of(*plan.get());
    std::optional<frond::slot_limiter> own;
    CHECK(&of.open_children(plan.get()->scopes[1], own) == &*own);
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
