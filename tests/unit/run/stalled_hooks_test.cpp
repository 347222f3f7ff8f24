// Which hooks are remembered, and for how long.
#include "run/stalled_hooks.hpp"
#include "catch.hpp"

#include <array>

TEST_CASE("a hook is remembered until it is removed, however often it was added") {
    frond::stalled_hooks hooks;
    int one = 0, other = 0;
    CHECK_FALSE(hooks.has(&one));
    hooks.add(&one);
    hooks.add(&one);
    hooks.add(&other);
    CHECK(hooks.has(&one));
    hooks.remove(&one);
    CHECK_FALSE(hooks.has(&one));
    CHECK(hooks.has(&other));
    hooks.remove(&one);
}

TEST_CASE("a hook that stalls again and again makes no other one be forgotten") {
    frond::stalled_hooks hooks;
    int one = 0, other = 0;
    hooks.add(&other);
    for (int i = 0; i < 65; ++i) hooks.add(&one);
    CHECK(hooks.has(&one));
    CHECK(hooks.has(&other));
}

TEST_CASE("where too many hooks stall the oldest is forgotten") {
    frond::stalled_hooks hooks;
    std::array<int, 65> all{};
    for (int& each : all) hooks.add(&each);
    CHECK_FALSE(hooks.has(&all.front()));
    CHECK(hooks.has(&all[1]));
    CHECK(hooks.has(&all.back()));
}
