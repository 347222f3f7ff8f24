// JSON that is written without a tree of values.
#include "../../catch.hpp"

#include "log/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using frond::hooks::detail::json_writer;

namespace {

template <class Value>
std::string written(Value const& value) {
    std::string text;
    json_writer(text).value(value);
    return text;
}

}  // namespace

TEST_CASE("commas stand where JSON wants them") {
    std::string text;
    json_writer to(text);
    to.open_object();
    to.member("a", 1);
    to.name("b");
    to.open_array();
    to.value("x");
    to.value(true);
    to.open_object();
    to.close_object();
    to.open_array();
    to.close_array();
    to.close_array();
    to.member("c", "");
    to.close_object();
    CHECK(text == R"({"a":1,"b":["x",true,{},[]],"c":""})");
}

TEST_CASE("integers are written exactly, however large") {
    CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(written((std::uint64_t{1} << 53U) + 1) == "9007199254740993");
    CHECK(written(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
}

TEST_CASE("a double comes back as it was, and what is no number is null") {
    for (double const number : {0.1, 1.0 / 3, 1e300, -5e-324, 12.0}) {
        CHECK(nlohmann::json::parse(written(number)).get<double>() == number);
    }
    CHECK(written(std::nan("")) == "null");
    CHECK(written(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("text becomes ASCII on one line, with what is no UTF-8 replaced") {
    CHECK(written("plain [a]/{b}: ~") == R"("plain [a]/{b}: ~")");
    CHECK(written(R"(a"b\c)") == R"("a\"b\\c")");
    CHECK(written("\x7f") == R"("\u007f")");
    CHECK(written("\n\t\x1b[2J\x7f") == R"("\n\t\u001b[2J\u007f")");
    CHECK(written("\u202e\u2028\u00e9") == R"("\u202e\u2028\u00e9")");
    CHECK(written("\U0001f600") == R"("\ud83d\ude00")");
    CHECK(written("\xff"
                  "a\xc3") == R"("\ufffda\ufffd")");
    CHECK(written(std::string_view("a\0b", 3)) == R"("a\u0000b")");
}
