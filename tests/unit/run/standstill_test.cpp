#include "run/standstill.hpp"
#include "catch.hpp"

#include <string>

using frond::scope_waits;
using frond::standstill;

namespace {

constexpr auto none = standstill::none;

/// Two expansions, 0 and 1, and two readers, 2 and 3, of both. The streams: 0 to 2, 0 to 3, 1 to 2, 1 to 3.
scope_waits crosswise() {
    scope_waits made;
    made.tasks = {{0, true, {}, {}, {0, 1}},
                  {1, true, {}, {}, {2, 3}},
                  {2, false, {{0, true}, {1, true}}, {0, 2}, {}},
                  {3, false, {{0, true}, {1, true}}, {1, 3}, {}}};
    made.streams = {{0, 2, 0, true}, {0, 3, 1, true}, {1, 2, 0, true}, {1, 3, 1, true}};
    made.task_at = {0, 1, 2, 3};
    return made;
}

/// All have begun; reader 2 sleeps in stream 2, reader 3 in stream 1; one lane of each expansion is parked in the other
/// stream.
void stand_still(standstill& at) {
    for (std::size_t i = 0; i < 4; ++i) at.task(i).at = standstill::stage::begun;
    at.task(0).pending = at.task(1).pending = 1;
    for (std::size_t i = 0; i < 4; ++i) at.stream(i) = {false, 0, 100};
    at.stream(0).parked = at.stream(3).parked = 1;
    at.stream(1).asleep = at.stream(2).asleep = true;
}

}  // namespace

TEST_CASE("where each waits for the next, the smallest full stream of the cycle grows") {
    auto const waits = crosswise();
    standstill at(waits);
    stand_still(at);
    at.stream(3).bytes = 50;
    at.stream(1).bytes = at.stream(2).bytes = 1;  // these are empty
    CHECK(at.find() == 3);
    CHECK(at.cycle().size() == 4);
    at.stream(3).bytes = 200;
    CHECK(at.find() == 0);
}

TEST_CASE("the cycle is told from one that waits to the next") {
    auto const waits = crosswise();
    standstill at(waits);
    stand_still(at);
    REQUIRE(at.find() == 0);
    std::string text;
    for (auto const& each : at.cycle()) text += std::to_string(each.task) + (each.full == none ? "e" : "f");
    CHECK(text == "0f2e1f3e");
}

TEST_CASE("nothing grows as long as one of those that wait goes on") {
    auto const waits = crosswise();
    standstill at(waits);
    SECTION("a reader is awake") {
        stand_still(at);
        at.stream(1).asleep = false;
    }
    SECTION("a child of an expansion is not done") {
        stand_still(at);
        at.task(1).pending = 2;
    }
    SECTION("nothing waits for room in an expansion that stands by its limit alone") {
        stand_still(at);
        at.stream(3).parked = 0;
        at.task(1).parked = 1;
    }
    SECTION("a reader has ended") {
        stand_still(at);
        at.task(2).at = standstill::stage::ended;
        at.stream(2).asleep = false;
    }
    SECTION("an expansion is about to end") {
        stand_still(at);
        at.task(0).pending = 0;
    }
    SECTION("a reader that has not begun has all that it needs") {
        stand_still(at);
        at.task(3).at = standstill::stage::waiting;
        at.stream(1).asleep = false;
    }
    CHECK(at.find() == none);
}

TEST_CASE("lanes at the gate or at the limit stand with those that wait for room") {
    auto const waits = crosswise();
    standstill at(waits);
    stand_still(at);
    at.task(0).pending = 3;
    CHECK(at.find() == none);
    at.task(0).parked = 2;
    CHECK(at.find() == 0);
}

TEST_CASE("a reader that has not begun stands if what it needs does") {
    // Reader 3 reads 0 alone, when the expansion 1 is over.
    auto waits = crosswise();
    waits.tasks[1].writes = {2};
    waits.tasks[3].needs = {{1, false}};
    waits.tasks[3].reads = {1};
    waits.streams.pop_back();
    standstill at(waits);
    for (std::size_t i = 0; i < 3; ++i) at.task(i).at = standstill::stage::begun;
    at.task(0).pending = at.task(1).pending = 1;
    at.stream(1) = {false, 1, 100};
    at.stream(2) = {false, 1, 100};
    at.stream(0).asleep = true;
    CHECK(at.find() == 1);
    at.task(1).at = standstill::stage::ended;
    CHECK(at.find() == none);
}

TEST_CASE("an expander that waits for an element stands only while nothing else of its expansion goes on") {
    // 0 expands; 1 streams it and expands; 2 reads both.
    scope_waits waits;
    waits.tasks = {
        {0, true, {}, {}, {0, 1}}, {1, true, {{0, true}}, {0}, {2}}, {2, false, {{0, true}, {1, true}}, {1, 2}, {}}};
    waits.streams = {{0, 1, 0, true}, {0, 2, 1, true}, {1, 2, 0, true}};
    waits.task_at = {0, 1, 2};
    standstill at(waits);
    for (std::size_t i = 0; i < 3; ++i) at.task(i).at = standstill::stage::begun;
    // 0 has no room in what 2 reads of it; 2 waits for what 1 yields, and 1 for an element.
    at.task(0).pending = 1;
    at.stream(1) = {false, 1, 100};
    at.stream(2).asleep = true;
    at.stream(0).asleep = true;
    at.task(1) = {standstill::stage::begun, 2, 1, true};
    CHECK(at.find() == 1);
    at.task(1).pending = 3;
    CHECK(at.find() == none);
    at.task(1).pending = 2;
    at.task(1).awaits = false;
    CHECK(at.find() == none);
}
