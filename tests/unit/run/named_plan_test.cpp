// Plans of graphs made at run time: what they are given and what they give, by name.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/run_blocking.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using frond::arg;
using frond::async;
using frond::expander;
using frond::list;
using frond::reference;
using frond::stream;
using frond::value;

namespace {

/// number: 0 up to count; doubled: each of them by two, and counted in `seen`; sum of all.
frond::graph numbers() {
    frond::graph_builder made;
    made.input<int>("count").input<int&>("seen");
    made.add("number",
             [](value<int> count) -> expander<int> {
                 for (int i = 0; i < *count; ++i) co_yield i;
             },
             {"count"});
    made.add("doubled",
             [](value<int> number, reference<int> seen) {
                 ++*seen;
                 return 2 * *number;
             },
             {"number", "seen"});
    made.add("sum",
             [](stream<int> values) -> async<int> {
                 int sum = 0;
                 while (auto next = co_await values.next()) sum += *next;
                 co_return sum;
             },
             {"doubled"});
    made.add("text", [](list<int> values) { return std::make_unique<std::string>(std::to_string(values.size())); },
             {"doubled"});
    return std::move(made).build().value();
}

frond::named_plan plan_of(std::vector<std::string> wanted, std::vector<std::string> overridden = {}) {
    frond::plan_options options;
    options.wanted = std::move(wanted);
    options.overridden = std::move(overridden);
    return frond::plan_for(numbers(), options);
}

}  // namespace

TEST_CASE("the outputs of a run are found by name and type, whatever their type is") {
    int seen = 0;
    auto const plan = plan_of({"sum", "text", "number"});
    REQUIRE(plan);
    auto outcome = frond::run_blocking(plan, arg("count", 4), arg("seen", std::ref(seen)), frond::threads(1));
    REQUIRE(outcome);
    CHECK(outcome.value().get<int>("sum") == 12);
    CHECK(*outcome.value().get<std::unique_ptr<std::string>>("text") == "4");
    CHECK(outcome.value().get<std::vector<int>>("number") == std::vector<int>{0, 1, 2, 3});
    CHECK(seen == 4);

    CHECK_THROWS_AS(outcome.value().get<long>("sum"), frond::bad_result);
    CHECK_THROWS_AS(outcome.value().get<int>("number"), frond::bad_result);
    CHECK_THROWS_AS(outcome.value().get<std::vector<long>>("number"), frond::bad_result);
    CHECK_THROWS_AS(outcome.value().get<int>("doubled"), frond::bad_result);
}

TEST_CASE("an overridden expander is given a range, any other node its value") {
    int seen = 0;
    auto const ranged = plan_of({"sum"}, {"number"});
    auto outcome = frond::run_blocking(ranged, arg("number", std::vector<int>{5, 6}), arg("seen", std::ref(seen)));
    REQUIRE(outcome);
    CHECK(outcome.value().get<int>("sum") == 22);

    auto const valued = plan_of({"sum"}, {"sum"});
    auto given = frond::run_blocking(valued, arg("sum", 7));
    REQUIRE(given);
    CHECK(given.value().get<int>("sum") == 7);
}

TEST_CASE("everything that is wrong with what a run is given is told at once, by name") {
    int seen = 0;
    auto const plan = plan_of({"sum"});
    auto const outcome =
        frond::run_blocking(plan, arg("count", 4L), arg("cuont", 4), arg("seen", seen), arg("seen", std::ref(seen)));
    REQUIRE(!outcome);
    CHECK(outcome.error().code() == frond::errc::invalid_arguments);
    // Compilers spell types in ways of their own.
    std::string const whole(frond::value_type_of<long>.name);
    std::string const reference(frond::value_type_of<int&>.name);
    CHECK(outcome.error().message() ==
          "input \"count\" is int, and is given " + whole +
              "\n\"cuont\" is given, and is neither an input that is needed nor an overridden node\n"
              "input \"seen\" is " +
              reference + ", and is given int");
    auto const missing = frond::run_blocking(plan, arg("count", 4));
    REQUIRE(!missing);
    CHECK(missing.error().message().find("\"seen\"") != std::string::npos);
    CHECK(seen == 0);
}

TEST_CASE("what is wrong with the options is told by the plan, and by every run of it") {
    auto const plan = plan_of({"som"});
    REQUIRE(!plan);
    auto const outcome = frond::run_blocking(plan, arg("count", 4));
    REQUIRE(!outcome);
    CHECK(outcome.error().message() == plan.failure()->message());
}

TEST_CASE("a plan of names is an Asio operation, and tells hooks") {
    struct counting {
        void after_run(frond::run_event const& event) {
            children = event.progress->expansions.at(0).children.succeeded;
        }
        std::uint64_t children = 0;
    };
    counting hook;
    int seen = 0;
    auto const plan = plan_of({"sum"});
    frond::net::io_context context;
    std::optional<int> sum;
    plan.async_run(
        arg("count", 3), arg("seen", std::ref(seen)), hook,
        frond::net::bind_executor(context, [&sum](auto outcome) { sum = outcome.value().template get<int>("sum"); }));
    context.run();
    CHECK(sum == 6);
    CHECK(hook.children == 3);
}
