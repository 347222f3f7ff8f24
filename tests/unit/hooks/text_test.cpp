// Text on a terminal: how wide it is, and how it is cut.
#include "../../catch.hpp"

#include "text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

using namespace frond::hooks::detail;

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

TEST_CASE("marks without a width cannot make a text as long as they like") {
    std::string marks = "e";
    for (int i = 0; i < 100'000; ++i) marks += "\u0301";
    CHECK(columns(marks) == 1);
    CHECK(cut(marks, 10, true).size() <= 10 * 8 + 3);
    CHECK(columns(cut(marks, 10, true)) <= 10);
    CHECK(cut("e\u0301", 1, true) == "e\u0301");
    CHECK(cut_middle(marks, 10, true).size() <= 10 * 8 + 3);
    CHECK(columns(cut_middle(marks, 10, true)) <= 10);
}

TEST_CASE("what is cut in the middle keeps a third of its beginning and the rest of its end") {
    CHECK(cut_middle("0123456789", 10, true) == "0123456789");
    CHECK(cut_middle("0123456789", 7, false) == "01~6789");
    CHECK(cut_middle("0123456789", 7, true) == "01\u20266789");
    CHECK(cut_middle("0123456789", 1, false) == "~");
    CHECK(cut_middle("0123456789", 0, false).empty());
    // Two columns each: none is halved, on either side.
    std::string const wide = "\u4e00\u4e01\u4e02\u4e03\u4e04";
    CHECK(cut_middle(wide, 8, false) == "\u4e00~\u4e03\u4e04");
    for (std::size_t width = 0; width <= 10; ++width) REQUIRE(columns(cut_middle(wide, width, true)) <= width);
}
