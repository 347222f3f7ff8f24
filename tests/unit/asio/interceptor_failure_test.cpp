// The failure of an interceptor stands beside that of what it wraps, and never hides it.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"
#include "frond/run/interceptor.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

using frond::async;
using frond::errc;
using frond::error;
using frond::node_call;
using frond::task_call;

namespace interceptor_failure {

int fails() { throw std::runtime_error("of the node"); }
int works() { return 1; }
frond::expander<int> number() { co_yield 1; }
int passes(frond::in<number> n) { return *n; }
async<int> reads(frond::each<passes> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    if (sum == 1) throw std::runtime_error("of the reader");
    co_return sum;
}

/// Around nodes: does something before and after what is inside.
struct around {
    std::function<void(node_call&)> after{};
    std::function<void(node_call&)> before{};
    bool twice = false;
    std::string only{};
    async<void> around_node(node_call& call) {
        if (!only.empty() && call.event().name() != only) {
            co_await call.next();
            co_return;
        }
        if (before) before(call);
        co_await call.next();
        if (twice) co_await call.next();
        if (after) after(call);
    }
};
struct around_tasks {
    std::function<void(task_call&)> after{};
    async<void> around_task(task_call& call) {
        co_await call.next();
        if (after) after(call);
    }
};

struct told {
    std::optional<error> task{}, node{};
    void after_node(frond::node_event const& event) {
        if (event.failure) node = event.failure;
    }
    void after_task(frond::task_event const& event) {
        if (event.failure) task = event.failure;
    }
};

void throws(auto&) { throw std::runtime_error("of the interceptor"); }
void lets_fail(auto& call) { call.fail(error(errc::node_failed, "of the interceptor")); }

// "message; other; other"
std::string messages(error const& failure) {
    std::string text(failure.message());
    for (error const& each : failure.others()) text.append("; ").append(each.message());
    return text;
}

template <auto Wanted, class... Hooks>
std::string failure_of(Hooks&... hooks) {
    auto const outcome = frond::run_blocking<Wanted>(hooks..., frond::threads(1));
    return outcome ? "a value" : messages(outcome.error());
}

}  // namespace interceptor_failure

using namespace interceptor_failure;

TEST_CASE(
    "an interceptor that fails after its node has failed leaves the node's error first, and its own is attached") {
    for (auto* const after : {&throws<node_call>, &lets_fail<node_call>}) {
        told seen;
        around hook{.after = after};
        CHECK(failure_of<fails>(hook, seen) == "of the node; of the interceptor");
        REQUIRE(seen.task);
        CHECK(messages(*seen.task) == "of the node; of the interceptor");
        REQUIRE(seen.node);
        CHECK(messages(*seen.node) == "of the node; of the interceptor");
    }
}

TEST_CASE("the failures of several interceptors are attached from the innermost one on") {
    around outer{[](node_call&) { throw std::runtime_error("outer"); }};
    around inner{[](node_call& call) { call.fail(error(errc::node_failed, "inner")); }};
    CHECK(failure_of<fails>(outer, inner) == "of the node; inner; outer");
}

TEST_CASE("an interceptor that fails alone is the error") {
    around after{throws<node_call>};
    CHECK(failure_of<works>(after) == "of the interceptor");
    around before{{}, lets_fail<node_call>};
    CHECK(failure_of<works>(before) == "a value");  // next() came after that, and went well
}

TEST_CASE("an interceptor that gives the node's own error back attaches nothing") {
    around same{[](node_call& call) { call.fail(error(*call.failure())); }};
    CHECK(failure_of<fails>(same) == "of the node");
    around asks{[](node_call& call) { static_cast<void>(call.value<int>()); }};  // throws the node's error
    CHECK(failure_of<fails>(asks) == "of the node");
}

TEST_CASE("a node that is run again has the failure of its last attempt") {
    around twice{.twice = true};
    CHECK(failure_of<fails>(twice) == "of the node");
}

TEST_CASE("a node that reads a stream and is called again keeps its first failure") {
    around twice{.twice = true, .only = "reads"};
    std::string const told = failure_of<reads>(twice);
    CHECK(told.find("of the reader; an interceptor calls next() twice") == 0);
}

TEST_CASE("an interceptor around a task that fails after a node of it has failed hides neither") {
    for (auto* const after : {&throws<task_call>, &lets_fail<task_call>}) {
        told seen;
        around_tasks hook{.after = after};
        CHECK(failure_of<fails>(hook, seen) == "of the node; of the interceptor");
        REQUIRE(seen.task);
        CHECK(messages(*seen.task) == "of the node; of the interceptor");
    }
}

TEST_CASE("an interceptor that answers with another type says so, beside the failure that it answers for") {
    around with_text{[](node_call& call) { call.answer(std::string("a text")); }};
    std::string const of_failed = failure_of<fails>(with_text);
    CHECK(of_failed.find("of the node; an interceptor answers for fails with a ") == 0);
    CHECK(of_failed.find("; its value is a int") != std::string::npos);
    around takes_text{[](node_call& call) { static_cast<void>(call.value<std::string>()); }};
    CHECK(failure_of<works>(takes_text).find("an interceptor takes the value of works for a ") == 0);
}

namespace interceptor_failure {

/// Cannot be moved twice.
struct moved_once {
    moved_once() = default;
    moved_once(moved_once&& other) : moves(other.moves + 1) {
        if (moves == 2) throw std::runtime_error("of the move");
    }
    int moves = 0;
};
moved_once made() { throw std::runtime_error("of the node"); }
int of_made(frond::in<made>) { return 1; }

}  // namespace interceptor_failure

TEST_CASE("an answer whose move throws leaves the failure that it answers for") {
    around answers{.after =
                       [](node_call& call) {
                           moved_once given;
                           call.answer<moved_once>(std::move(given));
                       },
                   .only = "made"};
    CHECK(failure_of<of_made>(answers) == "of the node; of the move");
}
