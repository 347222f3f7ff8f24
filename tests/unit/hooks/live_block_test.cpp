// The bytes that draw lines in place.
#include "../../catch.hpp"

#include "terminal/live_block.hpp"

#include <string>

using frond::hooks::detail::live_block;

TEST_CASE("lines are drawn over those of before, with the cursor hidden only meanwhile") {
    live_block block;
    CHECK(block.redraw({}, {"one", "two"}, 80) == "\x1b[?25l\rone\x1b[K\r\ntwo\x1b[K\r\n\x1b[J\x1b[?25h");
    CHECK(block.redraw({"oops"}, {"three"}, 80) == "\x1b[?25l\r\x1b[2Aoops\x1b[K\r\nthree\x1b[K\r\n\x1b[J\x1b[?25h");
    CHECK(block.redraw({}, {"four"}, 80) == "\x1b[?25l\r\x1b[1Afour\x1b[K\r\n\x1b[J\x1b[?25h");
}

TEST_CASE("lines that a narrower screen has wrapped are cleared as a whole") {
    live_block block;
    block.redraw({}, {std::string(30, 'x'), std::string(20, 'y'), ""}, 80);
    // Of ten columns: three lines, two, and one.
    CHECK(block.redraw({}, {"z"}, 10) == "\x1b[?25l\r\x1b[6Az\x1b[K\r\n\x1b[J\x1b[?25h");
}

TEST_CASE("lines that were left stay where they are") {
    live_block block;
    block.redraw({}, {"one"}, 80);
    block.leave();
    CHECK(block.redraw({}, {"two"}, 80) == "\x1b[?25l\rtwo\x1b[K\r\n\x1b[J\x1b[?25h");
}
