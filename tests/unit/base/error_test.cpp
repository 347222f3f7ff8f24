// What an error says, and what becomes of it on its way out.
#include "frond/base/error.hpp"
#include "catch.hpp"
#include "frond/base/result.hpp"

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

template <class Throwing>
frond::error caught(Throwing throwing) {
    try {
        throwing();
    } catch (...) {
        return frond::error::from_exception(std::current_exception());
    }
    return frond::error(frond::errc::node_failed, "nothing was thrown");
}

}  // namespace

TEST_CASE("an error that comes through value() keeps its place") {
    frond::error const inner =
        frond::error(frond::errc::node_failed, "no such file").at("expand-file.3.words", "words");
    frond::error const outer =
        caught([&] { static_cast<void>(frond::result<int>(inner).value()); }).at("report", "total");
    CHECK(outer.message() == "no such file");
    CHECK(outer.task() == "expand-file.3.words");
    CHECK(outer.node() == "words");
}

TEST_CASE("an error that has a task and no node yet is given the node alone") {
    frond::error const half = frond::error(frond::errc::node_failed).at("expand-file.3.words", "");
    frond::error const whole = half.at("report", "total");
    CHECK(whole.task() == "expand-file.3.words");
    CHECK(whole.node() == "total");
}

TEST_CASE("an exception is kept as the cause, with its text") {
    frond::error const failure = caught([] { throw std::runtime_error("no such file"); });
    CHECK(failure.code() == make_error_code(frond::errc::node_failed));
    CHECK(failure.message() == "no such file");
    REQUIRE(failure.cause() != nullptr);
    CHECK_THROWS_AS(std::rethrow_exception(failure.cause()), std::runtime_error);
}

TEST_CASE("an exception that says that an operation was cancelled is a cancellation") {
    CHECK(caught([] { throw std::system_error(make_error_code(std::errc::operation_canceled)); }).is_canceled());
    CHECK_FALSE(caught([] { throw std::system_error(make_error_code(std::errc::timed_out)); }).is_canceled());
}

TEST_CASE("an exception for want of memory needs none to become an error") {
    CHECK(caught([] { throw std::bad_alloc(); }).code() == std::errc::not_enough_memory);
}
