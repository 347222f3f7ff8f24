// Text on a terminal: what is escaped, and how wide it is.
#include "../../catch.hpp"

#include "text.hpp"

#include <string_view>

using namespace frond::hooks::detail;

TEST_CASE("a name cannot move the cursor, break the line, or turn the direction of writing") {
    CHECK(printable("a\nb\tc\rd", true) == "a\\nb\\tc\\rd");
    CHECK(printable("\x1b[2J", true) == "\\x1b[2J");
    CHECK(printable(std::string_view("\0\x7f", 2), true) == "\\x00\\x7f");
    CHECK(printable("\xc2\x9b", true) == "\\u{9b}");
    CHECK(printable("\xe2\x80\xae"
                    "abc",
                    true) == "\\u{202e}abc");
}

TEST_CASE("what is no UTF-8 is shown byte by byte") {
    CHECK(printable("\xff", true) == "\\xff");
    CHECK(printable("a\xc3", true) == "a\\xc3");
    CHECK(printable("\xc0\xaf", true) == "\\xc0\\xaf");                    // overlong
    CHECK(printable("\xed\xa0\x80", true) == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(printable("\xf4\x90\x80\x80", true) == "\\xf4\\x90\\x80\\x80");  // beyond the last one
    CHECK(printable("caf\xc3\xa9", true) == "caf\xc3\xa9");
    CHECK(printable("caf\xc3\xa9", false) == "caf\\xc3\\xa9");
}

TEST_CASE("width is counted in columns, not in bytes") {
    CHECK(columns("file") == 4);
    CHECK(columns("caf\u00e9") == 4);
    CHECK(columns("e\u0301") == 1);
    CHECK(columns("\u6f22\u5b57") == 4);
    CHECK(columns("\U0001F33F") == 2);
    CHECK(cut("\u6f22\u5b57\u6f22", 4, true) == "\u6f22\u2026");
    CHECK(cut("abcdef", 4, false) == "abc~");
    CHECK(cut("abcd", 4, false) == "abcd");
    CHECK(cut("abcd", 0, false).empty());
}
