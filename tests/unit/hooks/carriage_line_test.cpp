// The bytes that draw one line where there is no cursor to move.
#include "../../catch.hpp"

#include "terminal/carriage_line.hpp"

#include <string>

using frond::hooks::detail::carriage_line;

TEST_CASE("a line is drawn over the one of before, and blanks over what was longer") {
    carriage_line line;
    CHECK(line.redraw({}, "one two") == "one two");
    CHECK(line.redraw({}, "three") == "\rthree  ");
    CHECK(line.redraw({}, "four") == "\rfour ");
    CHECK(line.redraw({}, "longer again") == "\rlonger again");
}

TEST_CASE("what is said for good comes before the line, over what was there") {
    carriage_line line;
    line.redraw({}, "0123456789");
    CHECK(line.redraw({"oops", "again"}, "four") == "\roops      \nagain\nfour");
    CHECK(line.redraw({"the end"}, "") == "\rthe end\n");
    CHECK(line.redraw({}, "next") == "next");
}

TEST_CASE("a line that goes leaves nothing, and the next one begins where it did") {
    carriage_line line;
    line.redraw({}, "gone");
    CHECK(line.redraw({}, "") == "\r    \r");
    CHECK(line.redraw({}, "next") == "next");
}

TEST_CASE("blanks reach as far for browsers, which overwrite characters, as for terminals, which overwrite columns") {
    carriage_line line;
    line.redraw({}, "0123456789");
    // Five characters of two columns each: nothing is left on a terminal, five of ten are in a browser.
    CHECK(line.redraw({}, "\u4e00\u4e01\u4e02\u4e03\u4e04") == "\r\u4e00\u4e01\u4e02\u4e03\u4e04     ");
    CHECK(line.redraw({}, "01234") == "\r01234     ");
    line.redraw({}, "e\u0301e\u0301");
    CHECK(line.redraw({}, "ee") == "\ree  ");
}
