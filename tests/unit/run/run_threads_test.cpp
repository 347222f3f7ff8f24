#include "run/run_threads.hpp"
#include "catch.hpp"

TEST_CASE("a run has a helper for each thread of its executor but the first") {
    frond::run_threads of;
    of.begin(3, 3);
    CHECK_FALSE(of.single());
    CHECK(of.width() == 3);
    CHECK(of.take_helper());
    CHECK(of.take_helper());
    CHECK_FALSE(of.take_helper());
    of.give_helper();
    CHECK(of.take_helper());
}

TEST_CASE("a run on one thread has no helper") {
    frond::run_threads of;
    of.begin(1, 1);
    CHECK(of.single());
    CHECK_FALSE(of.take_helper());
}

TEST_CASE(
    "an executor that does not tell its threads may have as many helpers as the machine has threads, and any number of "
    "lanes") {
    frond::run_threads of;
    of.begin(0, 2);
    CHECK_FALSE(of.single());
    CHECK(of.width() > 64);
    CHECK(of.take_helper());
    CHECK_FALSE(of.take_helper());
}

TEST_CASE("a helper that was in vain is believed three times, and then costs the run a helper each time") {
    frond::run_threads of;
    of.begin(2, 2);
    for (int vain = 0; vain < 3; ++vain) {
        REQUIRE(of.take_helper());
        of.helper_was_in_vain();
        of.give_helper();
    }
    REQUIRE(of.take_helper());
    of.helper_was_in_vain();
    of.give_helper();
    CHECK_FALSE(of.take_helper());
}

TEST_CASE(
    "an executor that does not tell its threads seems to have one after sixteen lanes that came on the inviting "
    "thread") {
    frond::run_threads of;
    of.begin(0, 2);
    for (int lanes = 0; lanes < 16; ++lanes) of.invited_came(false);
    CHECK_FALSE(of.alone());
    of.invited_came(false);
    CHECK(of.alone());
    of.invited_came(true);
    CHECK_FALSE(of.alone());
    of.invited_came(false);
    CHECK_FALSE(of.alone());
}

TEST_CASE("an executor that tells its threads never seems to have one, wherever lanes come") {
    frond::run_threads of;
    of.begin(2, 2);
    for (int lanes = 0; lanes < 100; ++lanes) of.invited_came(false);
    CHECK_FALSE(of.alone());
}
