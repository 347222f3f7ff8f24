// What is said of a run in words.
#include "../../catch.hpp"

#include "terminal/lines.hpp"

#include "display_samples.hpp"
#include "text.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace frond::hooks::detail;
using namespace samples;
using namespace std::chrono_literals;

TEST_CASE("times and rates are written short") {
    CHECK(clock_text(0s) == "0:00");
    CHECK(clock_text(6100ms) == "0:07");
    CHECK(clock_text(60s) == "1:00");
    CHECK(clock_text(3723s) == "1:02:03");
    CHECK(clock_text(101h) == "4d 05h");
    CHECK(rate_text(0).empty());
    CHECK(rate_text(1.5 / 3600) == "1.5/h");
    CHECK(rate_text(1.5 / 60) == "1.5/min");
    CHECK(rate_text(2.5) == "2.5/s");
    CHECK(rate_text(9.97) == "10/s");
    CHECK(rate_text(812.4) == "812/s");
    CHECK(rate_text(12345) == "12k/s");
    CHECK(rate_text(45.6e6) == "46M/s");
}

TEST_CASE("a bar is full only when everything is done") {
    CHECK(bar_text(row_of("file", 1, 0, 10, true), 10, 0s, standing::running, false) == "..........");
    CHECK(bar_text(row_of("file", 1, 5, 10, true), 10, 0s, standing::running, false) == "#####.....");
    CHECK(bar_text(row_of("file", 1, 999, 1000, true), 10, 0s, standing::running, false) == "#########.");
    CHECK(bar_text(row_of("file", 1, 10, 10, true), 10, 0s, standing::running, false) == "##########");
    CHECK(bar_text(row_of("file", 1, 1, 2, true), 4, 0s, standing::running, true) == "\u2588\u2588\u2591\u2591");
    CHECK(bar_text(row_of("file", 1, 0, 0, true), 4, 0s, standing::done, false) == "####");
}

TEST_CASE("a bar without a known total wanders there and back") {
    row const open = row_of("file", 1, 5, 6, false);
    CHECK(bar_text(open, 10, 0s, standing::running, false) == "##........");
    CHECK(bar_text(open, 10, 350ms, standing::running, false) == "...##.....");
    CHECK(bar_text(open, 10, 800ms, standing::running, false) == "........##");
    CHECK(bar_text(open, 10, 900ms, standing::running, false) == ".......##.");
    CHECK(bar_text(open, 10, 1600ms, standing::running, false) == "##........");
    CHECK(bar_text(open, 6, 300ms, standing::cancelled, false) == "#####.");  // no more to come
}

TEST_CASE("time that is over is rounded down, time left is rounded up") {
    picture of;
    of.elapsed = 4900ms;
    of.rows = {row_of("run", 0, 5, 10, true)};
    of.rows[0].left = 4100ms;
    CHECK(plain_line(of) == "run 0:04: 5/10 tasks, 0:05 left");
    CHECK(state_text(of) == "0:04");
}

TEST_CASE("a log gets everything in one line") {
    CHECK(plain_line(two_levels()) ==
          "run 0:20: 30/120+ tasks, 0:20 left, 2 failed; file 5/10, 0.2/s, 0:20 left; chunk 25/100+, 12/s, 2 failed");
}

TEST_CASE("a body's own counts stand in its line, and not in a log; what was tried again is noted") {
    picture of;
    of.rows = {row_of("run", 0, 5, 10, true), row_of("block-file.3", 1, 300'000, 1'000'000, true)};
    of.rows[0].retried = 2;
    of.rows[1].told = "3/10";
    auto const shown = block_lines(of, ascii(60));
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].find("5/10") != std::string::npos);
    CHECK(shown[0].find("2 retried") != std::string::npos);
    CHECK(shown[1].find("3/10") != std::string::npos);
    CHECK(shown[1].find("1000000") == std::string::npos);
    CHECK(plain_line(of) == "run 0:00: 5/10 tasks, 2 retried");
}

TEST_CASE("a log says which body has waited for long, since that may be what the run waits for") {
    picture of = two_levels();
    row waiting = row_of("item-13", 1, 0, 0, false);
    waiting.waits = true;
    waiting.told = "waits for 20 s";
    of.rows.push_back(waiting);
    CHECK(plain_line(of) == plain_line(two_levels()) + "; item-13 waits for 20 s");
}

TEST_CASE("a failure is one line that names the task, the node and the cause") {
    frond::error const failure(frond::errc::node_failed, "no such file:\n'x'");
    CHECK(failure_line(failure.at("expand-file.3.block-file", "words"), true) ==
          "failed: expand-file.3.block-file (words): no such file:\\n'x'");
    CHECK(failure_line(failure, true) == "failed: no such file:\\n'x'");
}

TEST_CASE("the id of a task with a long key is cut in the middle, what went wrong is not") {
    frond::error const failure(frond::errc::node_failed, std::string(200, 'x'));
    auto const line =
        failure_line(failure.at("expand-file.3[" + std::string(300, 'k') + "].block-file", "words"), false);
    CHECK(line.rfind("failed: expand-file.3[k", 0) == 0);
    CHECK(line.find("k].block-file (words): xxx") == 8 + 100 - 13);
    CHECK(line.size() == 8 + 100 + 8 + 2 + 200);
}

TEST_CASE("a key that would move the cursor is escaped in a failure's line") {
    frond::error const failure(frond::errc::node_failed, "no luck");
    CHECK(failure_line(failure.at("expand-file.3[a\rb\x1b[2J].block-file", "words"), true) ==
          "failed: expand-file.3[a\\rb\\x1b[2J].block-file (words): no luck");
}

TEST_CASE("a failure names the run where several go on") {
    frond::error const failure(frond::errc::node_failed, "no luck");
    CHECK(failure_line(failure.at("block-file.3", "words"), true, "run 7") ==
          "failed: run 7: block-file.3 (words): no luck");
}

TEST_CASE("one run in one line has a bar, and what does not fit is cut off") {
    auto const of = two_levels();
    CHECK(line_of_all({&of}, 200, false) == "##.......... " + plain_line(of));
    CHECK(line_of_all({&of}, 40, false) == "##.......... run 0:20: 30/120+ tasks, 0~");
    CHECK(line_of_all({}, 40, false).empty());
}

TEST_CASE("several runs in one line have their counts, and those without room are counted") {
    auto one = two_levels();
    auto two = two_levels();
    one.rows[0].name = "run 7";
    two.rows[0].name = "run 8";
    two.rows[0].left.reset();
    two.rows[0].failed = 0;
    CHECK(line_of_all({&one, &two}, 100, false) == "2 runs: run 7 30/120+, 0:20 left, 2 failed; run 8 30/120+");
    CHECK(line_of_all({&one, &two, &two, &two}, 67, false) ==
          "4 runs: run 7 30/120+, 0:20 left, 2 failed; run 8 30/120+; 2 more");
    // The third would fit, but not with what is said of the fourth.
    CHECK(line_of_all({&one, &two, &two, &two}, 72, false) ==
          "4 runs: run 7 30/120+, 0:20 left, 2 failed; run 8 30/120+; 2 more");
    CHECK(line_of_all({&one, &two}, 50, false) == "2 runs: run 7 30/120+, 0:20 left, 2 failed; 1 more");
    for (std::size_t width = 1; width <= 120; ++width) {
        REQUIRE(columns(line_of_all({&one, &two, &one}, width, true)) <= width);
    }
}
