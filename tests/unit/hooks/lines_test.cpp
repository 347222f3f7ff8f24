// How a picture of a run is written, to the column.
#include "../../catch.hpp"

#include "lines.hpp"

#include "text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace frond::hooks::detail;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

row row_of(std::string name, std::uint32_t depth, std::uint64_t done, std::uint64_t total, bool total_known) {
    row made;
    made.name = std::move(name);
    made.depth = depth;
    made.done = done;
    made.total = total;
    made.total_known = total_known;
    return made;
}

/// Twenty seconds into a run with two levels, the outer one half done.
picture two_levels() {
    picture made;
    made.elapsed = 20s;
    made.rows = {row_of("run", 0, 30, 120, false), row_of("file", 1, 5, 10, true), row_of("chunk", 2, 25, 100, false)};
    made.rows[0].left = 20s;
    made.rows[0].failed = 2;
    made.rows[1].rate = 0.25;
    made.rows[1].left = 20s;
    made.rows[2].rate = 12.4;
    made.rows[2].failed = 2;
    return made;
}

look ascii(std::size_t width, std::size_t height = 24) {
    look made;
    made.width = width;
    made.height = height;
    made.utf8 = false;
    return made;
}

}  // namespace

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

TEST_CASE("columns stand below each other, and a total that is not known has a plus") {
    // 79 columns: names 9, counts 7, rate 5, left 9, notes 14, five gaps of 2; 25 remain for the bar. Of 200 steps, 40 for
    // there and back, the block is where it began.
    CHECK(block_lines(two_levels(), ascii(80)) ==
          lines{
              "run        #####....................  30/120+         0:20 left  0:20, 2 failed",
              "  file     ############.............     5/10  0.2/s  0:20 left",
              "    chunk  #####....................  25/100+   12/s             2 failed",
          });
}

TEST_CASE("a narrow screen loses the rate, the time left, the notes and the bar, in this order") {
    CHECK(block_lines(two_levels(), ascii(56)) == lines{
                                                      "run        ....#...  30/120+  0:20 left  0:20, 2 failed",
                                                      "  file     ####....     5/10  0:20 left",
                                                      "    chunk  ....#...  25/100+             2 failed",
                                                  });
    CHECK(block_lines(two_levels(), ascii(46)) == lines{
                                                      "run        ........#  30/120+  0:20, 2 failed",
                                                      "  file     ####.....     5/10",
                                                      "    chunk  ........#  25/100+  2 failed",
                                                  });
    CHECK(block_lines(two_levels(), ascii(36)) == lines{
                                                      "run        ........###....  30/120+",
                                                      "  file     #######........     5/10",
                                                      "    chunk  ........###....  25/100+",
                                                  });
    CHECK(block_lines(two_levels(), ascii(21)) == lines{
                                                      "run       30/120+",
                                                      "  file       5/10",
                                                      "    chu~  25/100+",
                                                  });
}

TEST_CASE("no line is as wide as the screen, no block as high, however small it is") {
    for (std::size_t width = 1; width <= 120; ++width) {
        for (std::size_t height = 1; height <= 5; ++height) {
            auto const drawn = block_lines(two_levels(), ascii(width, height));
            REQUIRE(drawn.size() <= height - 1);
            REQUIRE(drawn.empty() == (height == 1));
            for (auto const& line : drawn) REQUIRE(columns(line) <= std::max<std::size_t>(width - 1, 1));
        }
    }
}

TEST_CASE("rows that have no room are counted in the last line") {
    auto const three = block_lines(two_levels(), ascii(36, 3));
    CHECK(three == lines{"run  ....####.............  30/120+", "... 2 more"});
    CHECK(block_lines(two_levels(), ascii(36, 2)) == lines{"run  ....####.............  30/120+"});
}

TEST_CASE("an ended run has a line on the lowest screen") {
    picture of = two_levels();
    of.state = standing::done;
    CHECK(block_lines(of, ascii(36, 1)).size() == 1);
}

TEST_CASE("time that is over is rounded down, time left is rounded up") {
    picture of;
    of.elapsed = 4900ms;
    of.rows = {row_of("run", 0, 5, 10, true)};
    of.rows[0].left = 4100ms;
    CHECK(plain_line(of) == "run 0:04: 5/10 tasks, 0:05 left");
    CHECK(block_lines(of, ascii(40)) == lines{"run  #####......  5/10  0:05 left  0:04"});
}

TEST_CASE("an ended run says how and after what time") {
    picture of;
    of.elapsed = 3240ms;
    of.rows = {row_of("run", 0, 10, 10, true)};
    auto const ended = [&of](standing how, std::size_t width) {
        of.state = how;
        return block_lines(of, ascii(width));
    };
    CHECK(ended(standing::done, 40) == lines{"run  #############  10/10  done in 3.2s"});
    CHECK(ended(standing::failed, 40) == lines{"run  ########  10/10  failed after 3.2s"});
    of.elapsed = 75s;
    CHECK(ended(standing::cancelled, 43) == lines{"run  ########  10/10  cancelled after 1:15"});
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

TEST_CASE("a failure is one line that names the task, the node and the cause") {
    frond::error const failure(frond::errc::node_failed, "no such file:\n'x'");
    CHECK(failure_line(failure.at("expand-file.3.block-file", "words"), true) ==
          "failed: expand-file.3.block-file (words): no such file:\\n'x'");
    CHECK(failure_line(failure, true) == "failed: no such file:\\n'x'");
}
