#include "run/lane_roll.hpp"
#include "catch.hpp"

TEST_CASE("an expansion invites one lane at a time") {
    frond::lane_roll of;
    CHECK(of.may_invite(4, false));
    CHECK_FALSE(of.may_invite(4, false));
    of.invitation_over();
    CHECK(of.may_invite(4, false));
}

TEST_CASE("an expansion invites no more lanes than threads may take part, its first one counted") {
    frond::lane_roll of;
    of.came();
    CHECK_FALSE(of.may_invite(2, false));
    CHECK_FALSE(of.is_over(2));
    of.came();
    CHECK(of.is_over(2));
    of.left();
    of.left();
    CHECK(of.may_invite(2, false));
}

TEST_CASE("where the run seems to have one thread, each expansion tries once to invite a lane") {
    frond::lane_roll of;
    CHECK(of.may_invite(4, true));
    of.invitation_over();
    CHECK_FALSE(of.may_invite(4, true));
    CHECK(of.may_invite(4, false));
}

TEST_CASE("an invitation that was refused since one is out does not use up the one try") {
    frond::lane_roll of;
    CHECK(of.may_invite(4, false));
    CHECK_FALSE(of.may_invite(4, true));
    of.invitation_over();
    CHECK(of.may_invite(4, true));
}
