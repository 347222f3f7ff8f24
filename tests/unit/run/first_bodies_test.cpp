#include "run/first_bodies.hpp"

#include "../../catch.hpp"

#include <chrono>

using frond::body_cost;
using frond::first_bodies;
using namespace std::chrono_literals;

namespace {

// How many short bodies it takes until the next one is not thought to be long; no more than `most` are tried.
int short_bodies_until_believed(first_bodies& seen, int most = 1000) {
    int bodies = 0;
    for (; seen.may_be_long() && bodies < most; ++bodies) seen.learn(body_cost::dear - 1ns);
    return bodies;
}

int enough() {
    first_bodies fresh;
    return short_bodies_until_believed(fresh);
}

}  // namespace

TEST_CASE("the first body of a run may be long") {
    first_bodies const seen;
    CHECK(seen.may_be_long());
}

TEST_CASE("the next body is thought to be short after some dozens of short ones in a row, not after a few") {
    CHECK(enough() > 3);
    CHECK(enough() < 100);
}

TEST_CASE("a dear body among the short ones makes them count anew") {
    first_bodies seen;
    for (int body = 0; body < enough() - 1; ++body) seen.learn(100ns);
    seen.learn(body_cost::dear);
    CHECK(short_bodies_until_believed(seen) == enough());
}

TEST_CASE(
    "a dear body after any number of short ones makes the next one long again, and as many are needed as at first") {
    first_bodies seen;
    for (int body = 0; body < 1000; ++body) seen.learn(100ns);
    CHECK_FALSE(seen.may_be_long());
    seen.learn(1h);
    CHECK(seen.may_be_long());
    CHECK(short_bodies_until_believed(seen) == enough());
}

TEST_CASE("a body that took no time, or less, is a short one") {
    first_bodies seen;
    for (int body = 0; body < enough(); ++body) seen.learn(body % 2 == 0 ? frond::duration(0) : frond::duration(-1h));
    CHECK_FALSE(seen.may_be_long());
}
