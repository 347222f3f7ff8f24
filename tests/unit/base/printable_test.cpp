// What of a text may be shown.
#include "../../catch.hpp"

#include "frond/base/child.hpp"
#include "frond/base/error.hpp"
#include "frond/base/printable.hpp"

#include <memory>
#include <string>
#include <string_view>

using frond::printable;

TEST_CASE("a name cannot move the cursor, break the line, or turn the direction of writing") {
    CHECK(printable("a\nb\tc\rd") == "a\\nb\\tc\\rd");
    CHECK(printable("a\x7f") == "a\\x7f");
    CHECK(printable("\x1b[2J") == "\\x1b[2J");
    CHECK(printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
    CHECK(printable("\xc2\x9b") == "\\u{9b}");
    CHECK(printable("\xe2\x80\xae"
                    "abc") == "\\u{202e}abc");
}

TEST_CASE("what is no UTF-8 is shown byte by byte") {
    CHECK(printable("\xff") == "\\xff");
    CHECK(printable("a\xc3") == "a\\xc3");
    CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
    CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond the last one
    CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(printable("caf\xc3\xa9", false) == "caf\\xc3\\xa9");
}

TEST_CASE("what is printable stays as it is") {
    for (std::string_view const text : {"\x1b\n", "\xe2\x80\xae\xff", "a\\b\"<"}) {
        CHECK(printable(printable(text)) == printable(text));
    }
}

TEST_CASE("the text of an error has one line for each error, whatever messages and names hold") {
    frond::error const other(frond::errc::node_failed, "second\nalso: third");
    auto const failure = frond::error(frond::errc::node_failed, "first\nalso: nothing\x1b[2J")
                             .at("a\n", "b\xff")
                             .with_others({other}, 2);
    CHECK(failure.to_string() ==
          "first\n    also: nothing\\x1b[2J (in node b\\xff, task a\\n)\n"
          "also: second\n    also: third\n"
          "and 2 more");
    CHECK(failure.message() == "first\nalso: nothing\\x1b[2J");
    CHECK(failure.task() == "a\\n");
    CHECK(failure.node() == "b\\xff");
    CHECK(failure.raw_message() == "first\nalso: nothing\x1b[2J");
    CHECK(failure.raw_task() == "a\n");
    CHECK(failure.raw_node() == "b\xff");
    CHECK(std::string(frond::bad_result(failure).what()) == failure.message());
}

TEST_CASE("a message of ends of lines alone may be shown, too") {
    frond::error const failure(frond::errc::node_failed, "\r\n\r");
    CHECK(failure.message().empty());
    CHECK(failure.raw_message() == "\r\n\r");
}

TEST_CASE("a carriage return at the end of a message's line is not shown") {
    frond::error const failure(frond::errc::node_failed, "one\r\ntwo\r\n");
    CHECK(failure.message() == "one\ntwo");
    CHECK(failure.to_string() == "one\n    two");
    CHECK(failure.raw_message() == "one\r\ntwo\r\n");
}

TEST_CASE("the beginning of a text ends where a character ends") {
    using frond::detail::beginning;
    CHECK(beginning("abc", 3) == "abc");
    CHECK(beginning("abcd", 3) == "abc");
    CHECK(beginning("ab\u20ac", 4) == "ab");
    CHECK(beginning("ab\u20acd", 5) == "ab\u20ac");
    CHECK(beginning("\U0001f600x", 3).empty());
    CHECK(beginning("ab\U0001f600x", 5) == "ab");
    CHECK(beginning("\x80\x80\x80\x80\x80\x80\x80\x80", 5).size() == 5);  // no UTF-8
}

TEST_CASE("a child's key is opened as what may be shown, or as it came") {
    frond::child_key const key = std::make_shared<std::string const>("a\x1b[2J\nb");
    CHECK(key.to_string() == "a\\x1b[2J\\nb");
    CHECK(key.raw() == "a\x1b[2J\nb");
    CHECK(key == frond::child_key(std::make_shared<std::string const>(key.raw())));
    CHECK_FALSE(key == frond::child_key(std::make_shared<std::string const>("a")));
    CHECK_FALSE(frond::child_key());
    CHECK(frond::child_key().to_string().empty());
    CHECK(frond::child_key() == nullptr);
}
