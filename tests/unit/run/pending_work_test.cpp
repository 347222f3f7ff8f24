#include "run/pending_work.hpp"
#include "catch.hpp"

#include "../base/by_hand.hpp"

namespace {

struct counted_wake : frond::wakeable {
    explicit counted_wake(frond::executor& home) noexcept
        : wakeable([](work& self) noexcept { ++static_cast<counted_wake&>(self).runs; }) {
        on = &home;
    }
    int runs = 0;
};

// Counts how often it is asked to look, and what is parked then.
struct watch final : frond::parking_watch {
    void look(frond::work_list&) noexcept override {
        ++looks;
        seen = place.weight();
    }
    frond::parking place{*this, frond::parking::reason::other};
    int looks = 0;
    unsigned seen = 0;
};

}  // namespace

TEST_CASE("an expansion finishes once, when nothing of it is pending") {
    by_hand::executor home;
    counted_wake finish(home);
    frond::pending_work of(finish);
    of.add(3);
    of.give_back(1);
    of.drop();
    of.drop();
    home.run();
    CHECK(finish.runs == 0);
    CHECK(of.count() == 1);
    of.drop();
    home.run();
    CHECK(finish.runs == 1);
}

TEST_CASE("what waits for an expansion that is watched is parked, and the watch looks") {
    by_hand::executor home;
    counted_wake finish(home), lane(home);
    watch by;
    frond::pending_work of(finish);
    of.watched_in(&by.place);
    lane.weight = 3;
    CHECK_FALSE(of.take_or_park(lane, [] { return false; }));
    CHECK(by.looks == 1);
    CHECK(by.seen == 3);
    lane.wake();
    CHECK(by.place.weight() == 0);
}

TEST_CASE("what gets what it asks for is not parked") {
    by_hand::executor home;
    counted_wake finish(home), lane(home);
    watch by;
    frond::pending_work of(finish);
    of.watched_in(&by.place);
    CHECK(of.take_or_park(lane, [] { return true; }));
    CHECK(by.looks == 0);
    CHECK(by.place.weight() == 0);
}

TEST_CASE("a lane may park without a look, which its expansion asks for later") {
    by_hand::executor home;
    counted_wake finish(home), lane(home);
    watch by;
    frond::pending_work of(finish);
    of.watched_in(&by.place);
    of.park(lane, [] {});
    CHECK(by.looks == 0);
    of.look();
    CHECK(by.looks == 1);
    CHECK(by.seen == 1);
}

TEST_CASE("the watch looks whenever something is done and something is left") {
    by_hand::executor home;
    counted_wake finish(home);
    watch by;
    frond::pending_work of(finish);
    of.watched_in(&by.place);
    of.add();
    of.drop();
    CHECK(by.looks == 1);
    of.drop();
    CHECK(by.looks == 1);
    home.run();
    CHECK(finish.runs == 1);
}
