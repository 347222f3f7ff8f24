// What an error says, and what becomes of it on its way out.
#include "frond/base/error.hpp"
#include "catch.hpp"
#include "frond/base/result.hpp"

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

using frond::errc;
using frond::error;

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

TEST_CASE("an error is no cancellation because of its code") {
    auto const aborted = make_error_code(std::errc::operation_canceled);
    CHECK(error::canceled().is_canceled());
    CHECK_FALSE(error(aborted).is_canceled());
    error const thrown = caught([&] { throw std::system_error(aborted, "my own lock"); });
    CHECK_FALSE(thrown.is_canceled());
    CHECK(thrown.code() == aborted);
    CHECK(thrown.message() == "my own lock: Operation canceled");
}

TEST_CASE("a body that was interrupted and ends as cancelled operations do is cancelled, and any other has failed") {
    error const aborted(make_error_code(std::errc::operation_canceled), "aborted");
    CHECK(aborted.judged(true).is_canceled());
    CHECK_FALSE(aborted.judged(false).is_canceled());
    CHECK(aborted.judged(false).message() == "aborted");
    CHECK_FALSE(error(errc::node_failed, "no luck").judged(true).is_canceled());
    CHECK(error::canceled().judged(true).is_canceled());
    error const of_another = error::canceled().judged(false);
    CHECK_FALSE(of_another.is_canceled());
    CHECK(of_another.code() == std::errc::operation_canceled);
}

TEST_CASE("a cancellation stays one where a place or other errors are added") {
    CHECK(error::canceled().at("report", "total").is_canceled());
    CHECK(error::canceled().with_others({error(errc::node_failed)}, 0).is_canceled());
}

TEST_CASE("an error is attached to another one after those that it has, and never to itself") {
    error const first(errc::node_failed, "first");
    error const both = first.and_also(error(errc::node_failed, "second")).and_also(error(errc::node_failed, "third"));
    CHECK(both.to_string() == "first\nalso: second\nalso: third");
    CHECK(first.and_also(first).others().empty());
}

TEST_CASE("an exception for want of memory needs none to become an error") {
    CHECK(caught([] { throw std::bad_alloc(); }).code() == std::errc::not_enough_memory);
}

TEST_CASE("errors that must not need memory have the texts that the system gives") {
    CHECK(frond::error::out_of_memory().message() == std::make_error_code(std::errc::not_enough_memory).message());
    CHECK(frond::error::canceled().message() == std::make_error_code(std::errc::operation_canceled).message());
    CHECK(frond::error::canceled().is_canceled());
    frond::error const placed = frond::error::out_of_memory().at("expand-file.3.words", "words");
    CHECK(placed.message() == frond::error::out_of_memory().message());
    CHECK(placed.node() == "words");
    CHECK(std::string(frond::bad_result(placed).what()) == placed.message());
}
