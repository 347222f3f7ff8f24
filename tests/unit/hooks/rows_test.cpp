// What the display says of a run: rows, rates and time left.
#include "../../catch.hpp"

#include "terminal/rows.hpp"

#include "samples.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace frond::hooks::detail;
using namespace samples;
using lines = std::vector<std::string>;

TEST_CASE("the run's line comes first, each expansion below the one that encloses it") {
    frond::progress sample = files(1s, 4, 2, true);
    sample.expansions = {expansion("a", counted(1, 0), true),
                         expansion("b", counted(1, 0), true),
                         expansion("in-a", counted(1, 0), false, 0, 2),
                         expansion("in-b", counted(1, 0), false, 1, 2),
                         expansion("in-a-too", counted(1, 0), false, 0, 2),
                         expansion("deep", counted(1, 0), false, 2, 3)};
    painter paints(true);
    auto const picture = paints.paint(sample, standing::running);
    lines names;
    for (row const& r : picture.rows) names.push_back(std::to_string(r.depth) + r.name);
    CHECK(names == lines{"0run", "1a", "2in-a", "3deep", "2in-a-too", "1b", "2in-b"});
}

TEST_CASE("the run counts every task, those outside expansions before their turn has come") {
    painter paints(true);
    auto const picture = paints.paint(files(1s, 40, 30, true), standing::running);
    CHECK(picture.elapsed == 1s);
    CHECK(picture.rows[0].done == 31);   // 30 blocks and the expander
    CHECK(picture.rows[0].total == 42);  // 40 blocks, the expander, the collector
    CHECK(picture.rows[0].total_known);
    CHECK(picture.rows[1].done == 30);
    CHECK(picture.rows[1].total == 40);
    CHECK_FALSE(paints.paint(files(2s, 40, 30, false), standing::running).rows[0].total_known);
}

TEST_CASE("failures are told apart from what was given up") {
    frond::progress sample = files(1s, 10, 3, true);
    auto& children = sample.expansions[0].children;
    children.failed = 1;
    children.timed_out = 1;
    children.cancelled = 2;
    children.skipped = 3;
    painter paints(true);
    row const file = paints.paint(sample, standing::failed).rows[1];
    CHECK(file.done == 5);  // 3 well, 2 not
    CHECK(file.open == 0);
    CHECK(file.failed == 2);
    CHECK(file.cancelled == 2);
    CHECK(file.skipped == 3);
}

TEST_CASE("time left follows from the rate of the last ten seconds") {
    painter paints(true);
    paints.paint(files(0s, 1000, 0, true), standing::running);
    auto picture = paints.paint(files(5s, 1000, 100, true), standing::running);
    CHECK(picture.rows[1].rate == 20);
    CHECK(picture.rows[1].left == 45s);
    CHECK(picture.rows[0].left == 45s);

    // Slower now: what was faster is forgotten after ten seconds.
    for (int s = 6; s <= 20; ++s) {
        picture = paints.paint(files(std::chrono::seconds(s), 1000, 100 + 10 * static_cast<std::uint64_t>(s - 5), true),
                               standing::running);
    }
    CHECK(picture.rows[1].rate == 10);
    CHECK(picture.rows[1].left == 75s);
}

TEST_CASE("what has not begun makes nothing slow") {
    painter paints(true);
    for (int s = 0; s <= 30; ++s) paints.paint(files(std::chrono::seconds(s), 100, 0, true), standing::running);
    auto const picture = paints.paint(files(31s, 100, 50, true), standing::running);
    CHECK(picture.rows[1].rate == 50);
    CHECK(picture.rows[1].left == 1s);
}

TEST_CASE("what was given up takes no time any more") {
    painter paints(true);
    frond::progress sample = files(0s, 100, 0, true);
    paints.paint(sample, standing::running);
    sample = files(5s, 100, 50, true);
    sample.expansions[0].children.skipped = 40;
    CHECK(paints.paint(sample, standing::running).rows[1].left == 1s);
}

TEST_CASE("no time left is told while the expander still yields") {
    painter paints(true);
    paints.paint(files(0s, 100, 0, false), standing::running);
    auto const picture = paints.paint(files(5s, 200, 100, false), standing::running);
    CHECK(picture.rows[1].rate == 20);
    CHECK_FALSE(picture.rows[1].left);
    CHECK_FALSE(picture.rows[0].left);
}

TEST_CASE("bodies that tell of themselves have rows, a few, while the run goes on") {
    frond::progress sample = files(1s, 10, 3, true);
    for (int i = 0; i < 9; ++i) sample.bodies.push_back({"block-file." + std::to_string(i), 2.0 * i, 8});
    sample.bodies[1].of = 0;
    sample.bodies[2].task = "\x1b[2J";
    sample.bodies[3].done = std::numeric_limits<double>::quiet_NaN();
    painter paints(true);
    auto const picture = paints.paint(sample, standing::running);
    REQUIRE(picture.rows.size() == 6);
    CHECK(picture.rows[2].name == "block-file.0");
    CHECK(picture.rows[2].told == "0/8");
    CHECK(picture.rows[3].told == "2");
    CHECK_FALSE(picture.rows[3].total_known);
    CHECK(picture.rows[4].name == "\\x1b[2J");
    CHECK(picture.rows[4].done * 2 == picture.rows[4].total);
    CHECK(picture.rows[5].done == 0);
    CHECK(paints.paint(sample, standing::done).rows.size() == 2);
}

TEST_CASE("a body's row is named by the key of its child, made printable, where it has one") {
    frond::progress sample = files(1s, 10, 3, true);
    sample.bodies.push_back({"expand-file.3[a\nb].block-file", 3, 10, "a\nb"});
    sample.bodies.push_back({"expand-file.4.block-file", 3, 10, ""});
    painter paints(true);
    auto const picture = paints.paint(sample, standing::running);
    REQUIRE(picture.rows.size() == 4);
    CHECK(picture.rows[2].name == "a\\nb");
    CHECK(picture.rows[3].name == "expand-file.4.block-file");
}

TEST_CASE("bodies that have waited for ten seconds have rows, a few, while the run goes on") {
    frond::progress sample = files(1s, 10, 3, true);
    for (int i = 0; i < 5; ++i) sample.waiting.push_back({"block-file." + std::to_string(i), "", 100s});
    sample.waiting[1] = {"expand-file.3[a\nb].block-file", "a\nb", 10s + 999ms};
    sample.waiting[2].waited = 10s - 1ns;
    painter paints(true);
    auto const picture = paints.paint(sample, standing::running);
    REQUIRE(picture.rows.size() == 4);
    CHECK(picture.rows[2].name == "block-file.0");
    CHECK(picture.rows[2].told == "waits for 100 s");
    CHECK(picture.rows[3].name == "a\\nb");
    CHECK(picture.rows[3].told == "waits for 10 s");
    CHECK(paints.paint(sample, standing::done).rows.size() == 2);
}

TEST_CASE("the run's row counts what was tried again") {
    frond::progress sample = files(1s, 10, 3, true);
    sample.retries = 7;
    painter paints(true);
    CHECK(paints.paint(sample, standing::running).rows[0].retried == 7);
}

TEST_CASE("a total that was promised counts before the children are there") {
    frond::progress sample = files(1s, 10, 3, true);
    sample.expansions[0].total = 40;
    painter paints(true);
    auto const picture = paints.paint(sample, standing::running);
    CHECK(picture.rows[1].total == 40);
    CHECK(picture.rows[1].open == 37);
    CHECK(picture.rows[0].total == 42);  // 40 blocks, the expander, the collector
}

TEST_CASE("an ended run tells the rate of all its time") {
    painter paints(true);
    paints.paint(files(0s, 100, 0, true), standing::running);
    auto const picture = paints.paint(files(50s, 100, 100, true), standing::done);
    CHECK(picture.rows[1].rate == 2);
    CHECK_FALSE(picture.rows[1].left);
}
