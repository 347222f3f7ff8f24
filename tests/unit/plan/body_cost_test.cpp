#include "frond/plan/detail/body_cost.hpp"

#include "../../catch.hpp"

#include <chrono>
#include <cstdint>

using frond::body_cost;
using namespace std::chrono_literals;

namespace {

body_cost after(frond::duration first) {
    body_cost cost;
    cost.learn(first);
    return cost;
}

// How many bodies like this it takes until the cost is trivial, or is not any more.
int bodies_until_trivial_is(bool wanted, body_cost const& cost, frond::duration took) {
    int bodies = 0;
    for (; cost.is_trivial() != wanted && bodies < 100; ++bodies) cost.learn(took);
    return bodies;
}

}  // namespace

TEST_CASE("a body of which nothing is known may be long, and is neither dear nor trivial") {
    body_cost const cost;
    CHECK(cost.is_unknown());
    CHECK(cost.may_be_long());
    CHECK_FALSE(cost.is_dear());
    CHECK_FALSE(cost.is_trivial());
}

TEST_CASE("the first body is believed: from 20 us on it is dear, and below it is not long") {
    body_cost const dear = after(20us);
    CHECK_FALSE(dear.is_unknown());
    CHECK(dear.is_dear());
    CHECK(dear.may_be_long());
    CHECK_FALSE(dear.is_trivial());

    for (frond::duration const took : {frond::duration(20us - 1ns), frond::duration(19us), frond::duration(1us)}) {
        body_cost const cheap = after(took);
        CHECK_FALSE(cheap.is_unknown());
        CHECK_FALSE(cheap.is_dear());
        CHECK_FALSE(cheap.may_be_long());
        CHECK_FALSE(cheap.is_trivial());
    }
}

TEST_CASE("a body is trivial below 200 ns") {
    CHECK(after(199ns).is_trivial());
    CHECK_FALSE(after(199ns).may_be_long());
    CHECK_FALSE(after(200ns).is_trivial());
}

TEST_CASE("a dear body among short ones is doubted, and the second in a row is believed") {
    for (frond::duration const usual : {frond::duration(100ns), frond::duration(5us)}) {
        body_cost const cost = after(usual);
        cost.learn(1ms);
        CHECK_FALSE(cost.is_dear());
        CHECK_FALSE(cost.may_be_long());
        cost.learn(1ms);
        CHECK(cost.is_dear());
        CHECK(cost.may_be_long());
    }
}

TEST_CASE("a dear body after a doubted and a short one is doubted again") {
    body_cost const cost = after(100ns);
    for (int round = 0; round < 10; ++round) {
        cost.learn(1ms);
        CHECK_FALSE(cost.is_dear());
        cost.learn(100ns);
        CHECK(cost.is_trivial());
    }
}

TEST_CASE("a dear body that is short again is short at once") {
    body_cost const cost = after(1ms);
    cost.learn(1ms);
    cost.learn(100ns);
    CHECK_FALSE(cost.is_dear());
    CHECK_FALSE(cost.may_be_long());
    CHECK(cost.is_trivial());
}

TEST_CASE("the cost of short bodies falls as it rises, by a part of the way with each body") {
    int const to_fall = bodies_until_trivial_is(true, after(1us), 100ns);
    CHECK(to_fall > 1);
    CHECK(to_fall < 10);

    int const to_rise = bodies_until_trivial_is(false, after(20ns), 300ns);
    CHECK(to_rise > 1);
    CHECK(to_rise < 10);
}

TEST_CASE("trivial bodies stay trivial after one that was not, and the second in a row is believed") {
    body_cost const cost = after(20ns);
    for (int round = 0; round < 10; ++round) {
        cost.learn(10us);
        CHECK(cost.is_trivial());
        for (int body = 0; body < 3; ++body) cost.learn(20ns);
    }
    cost.learn(10us);
    cost.learn(10us);
    CHECK_FALSE(cost.is_trivial());
}

TEST_CASE("a body that is doubted is short still, and is forgotten when it is doubted again") {
    body_cost const cost = after(1us);
    cost.doubt();
    CHECK_FALSE(cost.may_be_long());
    cost.doubt();
    CHECK(cost.is_unknown());

    body_cost const cleared = after(1us);
    cleared.doubt();
    cleared.learn(1us);
    cleared.doubt();
    CHECK_FALSE(cleared.may_be_long());
}

TEST_CASE("short bodies never become dear, however many there are") {
    body_cost const cost = after(1ns);
    for (int body = 0; body < 1000; ++body) cost.learn(20us - 1ns);
    CHECK_FALSE(cost.is_dear());
    CHECK_FALSE(cost.may_be_long());
}

TEST_CASE("what is forgotten is unknown, and the next body is believed like the first one") {
    body_cost const cost = after(100ns);
    cost.forget();
    CHECK(cost.is_unknown());
    CHECK(cost.may_be_long());
    cost.learn(1ms);
    CHECK(cost.is_dear());
}

TEST_CASE("a copy knows what the original knows, and learns for itself") {
    body_cost const original = after(1ms);
    body_cost const copy(original);
    body_cost assigned = after(100ns);
    assigned = original;
    CHECK(copy.is_dear());
    CHECK(assigned.is_dear());

    original.learn(100ns);
    assigned.forget();
    CHECK(original.is_trivial());
    CHECK(copy.is_dear());
    CHECK(assigned.is_unknown());
}

TEST_CASE("a body that took no time, or less, is trivial and not unknown") {
    for (frond::duration const took : {frond::duration(0), frond::duration(-1h), frond::duration::min()}) {
        body_cost const cost = after(took);
        CHECK_FALSE(cost.is_unknown());
        CHECK(cost.is_trivial());
    }
}

TEST_CASE("a body that took hours is dear, and is short again at once like any other") {
    frond::duration const wraps_to_nothing = std::chrono::nanoseconds(std::int64_t{1} << 32);  // in 32 bits
    for (frond::duration const took :
         {wraps_to_nothing, frond::duration(5s), frond::duration(100h), frond::duration::max()}) {
        body_cost const cost = after(took);
        CHECK(cost.is_dear());
        cost.learn(100ns);
        CHECK(cost.is_trivial());
    }
}
