// How the rows of runs fit a screen, to the column.
#include "../../catch.hpp"

#include "terminal/block.hpp"

#include "display_samples.hpp"
#include "text.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

using namespace frond::hooks::detail;
using namespace samples;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

/// Pictures, and pointers to them.
struct several {
    explicit several(std::vector<picture> of) : all(std::move(of)) {
        for (picture const& each : all) pointers.push_back(&each);
    }
    std::vector<picture> all;
    std::vector<picture const*> pointers;
};

/// Runs 1, 2, ... with so many rows each, all of nine of ten.
several runs_of(std::vector<std::size_t> const& rows) {
    std::vector<picture> made;
    for (std::size_t const count : rows) {
        picture& of = made.emplace_back();
        of.rows = {row_of("run " + std::to_string(made.size()), 0, 9, 10, true)};
        for (std::size_t i = 1; i < count; ++i)
            of.rows.push_back(row_of(std::string(1, static_cast<char>('a' + i - 1)), 1, 9, 10, true));
    }
    return several(std::move(made));
}

/// The first word of each line, for layouts without bars.
lines names_of(lines const& drawn) {
    lines made;
    for (auto const& line : drawn) made.push_back(line.substr(0, line.rfind("  ")));
    for (auto& name : made) name.erase(name.find_last_not_of(' ') + 1);
    return made;
}

/// A screen without room for bars and times.
look bare(std::size_t height) { return ascii(17, height); }

}  // namespace

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

TEST_CASE("several runs stand below each other, each with its rows, in the same columns") {
    auto const two = runs_of({3, 2});
    CHECK(names_of(block_lines(two.pointers, bare(6))) == lines{"run 1", "  a", "  b", "run 2", "  a"});
    auto const drawn = block_lines(two.pointers, ascii(40));
    for (auto const& line : drawn) CHECK(line.find("9/10") == drawn[0].find("9/10"));
}

TEST_CASE("runs share the height evenly, and the last line counts what has no room") {
    auto const three = runs_of({4, 2, 5});
    CHECK(names_of(block_lines(three.pointers, bare(9))) ==
          lines{"run 1", "  a", "  b", "run 2", "  a", "run 3", "  a", "... 4 more"});
    CHECK(names_of(block_lines(three.pointers, bare(5))) == lines{"run 1", "run 2", "run 3", "... 8 more"});
    CHECK(names_of(block_lines(three.pointers, bare(4))) == lines{"run 1", "run 2", "... 9 more"});
    CHECK(names_of(block_lines(three.pointers, bare(2))) == lines{"run 1"});
    CHECK(block_lines(three.pointers, bare(1)).empty());
}

TEST_CASE("a run that wants less leaves the rest to the others") {
    auto const two = runs_of({1, 9});
    CHECK(block_lines(two.pointers, bare(11)).size() == 10);
    CHECK(names_of(block_lines(two.pointers, bare(7))) == lines{"run 1", "run 2", "  a", "  b", "  c", "... 5 more"});
}

TEST_CASE("no block of several runs is as high as the screen") {
    for (std::size_t runs = 1; runs <= 6; ++runs) {
        auto const all = runs_of(std::vector<std::size_t>(runs, 3));
        for (std::size_t height = 1; height <= 20; ++height) {
            auto const drawn = block_lines(all.pointers, ascii(60, height));
            REQUIRE(drawn.size() == std::min(3 * runs, height - 1));
        }
    }
}

TEST_CASE("the name of a body's child is cut in the middle, so that its end can be read") {
    picture of;
    of.rows = {row_of("run", 0, 5, 10, true), row_of("/usr/include/boost/mpl/vector.hpp", 1, 3, 10, true)};
    of.rows[1].told = "3/10";
    CHECK(block_lines(of, ascii(61))[1].substr(0, 20) == "  /usr/~l/vector.hpp");
}
