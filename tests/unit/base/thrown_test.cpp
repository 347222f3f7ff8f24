// Whatever is thrown is told by its text.
#include "base/thrown.hpp"
#include "catch.hpp"
#include "frond/base/error.hpp"
#include "frond/base/result.hpp"

#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

using frond::errc;
using frond::error;

namespace thrown_test {

struct silent : std::exception {
    char const* what() const noexcept override { return ""; }
};
struct without_text : std::exception {
    char const* what() const noexcept override { return nullptr; }
};
struct number {
    int of = 0;
};
/// Has no text for a code, and throws instead.
class mute_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "mute"; }
    std::string message(int) const override { throw std::runtime_error("there is no text"); }
};
mute_category const mute;

template <class T>
error made_of(T what) {
    try {
        throw what;
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
}
template <class T>
std::string text_of(T what) {
    return std::string(made_of(what).message());
}

// "outer: inner", thrown with `outer` around what `inner` throws.
template <class Outer, class Inner>
error nested(Outer outer, Inner inner) {
    try {
        try {
            throw inner;
        } catch (...) {
            std::throw_with_nested(outer);
        }
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
}

// Throws a number inside so many levels of nested exceptions.
void throw_nested(int levels) {
    if (levels == 0) throw std::runtime_error("0");
    try {
        throw_nested(levels - 1);
    } catch (...) {
        std::throw_with_nested(std::runtime_error(std::to_string(levels)));
    }
}

}  // namespace thrown_test

using namespace thrown_test;

TEST_CASE("an error that is thrown stays as it is: its code, message, place, cause and others") {
    error const inner = made_of(std::runtime_error("the cause")).at("report", "total");
    error const given = inner.with_others({error(errc::node_failed, "another")}, 3);
    error const told = made_of(given);
    CHECK(told.code() == given.code());
    CHECK(told.to_string() == given.to_string());
    CHECK(told.cause() == given.cause());
    CHECK(told.others().size() == 1);
    CHECK(told.others_dropped() == 3);
    error const coded = made_of(error(std::make_error_code(std::errc::no_such_file_or_directory), "no such file"));
    CHECK(coded.code() == std::errc::no_such_file_or_directory);
}

TEST_CASE("a thrown code, and the code of a system_error, is the error's") {
    CHECK(made_of(std::make_error_code(std::errc::timed_out)).code() == std::errc::timed_out);
    CHECK(text_of(std::make_error_code(std::errc::timed_out)) == std::make_error_code(std::errc::timed_out).message());
    CHECK(made_of(std::errc::timed_out).code() == std::errc::timed_out);
    CHECK(made_of(errc::stream_memory).code() == make_error_code(errc::stream_memory));
    CHECK(made_of(std::system_error(std::make_error_code(std::errc::timed_out))).code() == std::errc::timed_out);
    CHECK(made_of(std::filesystem::filesystem_error("no", std::make_error_code(std::errc::not_a_directory))).code() ==
          std::errc::not_a_directory);
    // A code that says nothing does not make a failure of none.
    CHECK(made_of(std::system_error(std::error_code())).code() == make_error_code(errc::node_failed));
    CHECK(made_of(std::error_code()).code() == make_error_code(errc::node_failed));
    CHECK(made_of(error()).code() == make_error_code(errc::node_failed));
}

TEST_CASE("a code whose category throws is told by the category and the number, and stays the error's") {
    std::error_code const code(7, mute);
    CHECK(made_of(code).code() == code);
    CHECK(text_of(code) == "mute 7");
    CHECK(text_of(std::error_condition(7, mute)) == "mute 7");
    CHECK(error(code).message() == "mute 7");
}

TEST_CASE("texts that are thrown are told") {
    CHECK(text_of(std::string("a string")) == "a string");
    CHECK(text_of(std::string_view("a view")) == "a view");
    CHECK(text_of(static_cast<char const*>("a literal")) == "a literal");
    CHECK(text_of(make_error_condition(std::errc::timed_out)) == make_error_condition(std::errc::timed_out).message());
}

TEST_CASE("a thing without a text is told by its type, and a number by its value as well") {
    CHECK(text_of(7) == "a value of type int was thrown: 7");
    CHECK(text_of(number()) == "a value of type thrown_test::number was thrown");
    CHECK(text_of(silent()) == "an exception of type thrown_test::silent, without a text");
    CHECK(text_of(without_text()) == "an exception of type thrown_test::without_text, without a text");
    CHECK(text_of(static_cast<char const*>(nullptr)) == "an exception of type char const*, without a text");
}

TEST_CASE("nested exceptions are told to the innermost one") {
    CHECK(nested(std::runtime_error("outer"), std::runtime_error("inner")).message() == "outer: inner");
    CHECK(nested(std::runtime_error("outer"), 7).message() == "outer: a value of type int was thrown: 7");
    CHECK(nested(std::string("outer"), std::string("inner")).message() == "outer: inner");
    CHECK(nested(std::runtime_error("outer"), error(errc::node_failed, "inner")).message() == "outer: inner");
    error const outer = nested(error(errc::stream_memory, "outer"), std::runtime_error("inner"));
    CHECK(outer.message() == "outer: inner");
    CHECK(outer.code() == make_error_code(errc::stream_memory));
    error const system = nested(std::system_error(std::make_error_code(std::errc::timed_out), "outer"), 7);
    CHECK(system.code() == std::errc::timed_out);
    error const permanent = nested(error::executor_gone(), std::runtime_error("inner"));
    CHECK(permanent.message() == std::string(error::executor_gone().message()) + ": inner");
    CHECK(permanent.raw_message() == permanent.message());
}

TEST_CASE("of exceptions that are nested too deeply the outer levels are told") {
    std::exception_ptr deep;
    try {
        throw_nested(20);
    } catch (...) {
        deep = std::current_exception();
    }
    CHECK(frond::tell_thrown(deep).text == "20: 19: 18: 17: 16: 15: 14: 13: 12: 11: 10: 9: 8: 7: 6: 5: ...");
}
