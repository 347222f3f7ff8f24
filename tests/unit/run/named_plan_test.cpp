// Plans of graphs made at run time: what they are given and what they give, by name.
#include "catch.hpp"

#include "frond/asio.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/run_blocking.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
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

/// Whether a run was refused with these words.
bool says(frond::result<frond::named_results> const& outcome, std::vector<std::string> const& parts) {
    if (outcome) return false;
    std::string const message(outcome.error().message());
    return std::all_of(parts.begin(), parts.end(),
                       [&](std::string const& part) { return message.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("an argument kept in a variable serves many runs of a graph made at run time") {
    frond::graph_builder made;
    made.input<std::string>("name").add("greeting", [](value<std::string> name) { return "hello " + *name; }, {"name"});
    frond::plan_options options;
    options.wanted = {"greeting"};
    auto const plan = frond::plan_for(std::move(made).build().value(), options);
    std::string const name = "a name too long to lie in the string itself";
    auto const kept = arg("name", name);
    auto given_away = kept;
    for (int i = 0; i < 2; ++i) {
        CHECK(frond::run_blocking(plan, kept, frond::threads(1)).value().get<std::string>("greeting") ==
              "hello " + name);
        CHECK(frond::run_blocking(plan, given_away, frond::threads(1)).value().get<std::string>("greeting") ==
              "hello " + name);
    }
    CHECK(frond::run_blocking(plan, std::move(given_away), frond::threads(1)).value().get<std::string>("greeting") ==
          "hello " + name);
}

TEST_CASE("a range kept in a variable stands in an expander's place in many runs") {
    auto const plan = plan_of({"text"}, {"number"});
    int seen = 0;
    auto const kept = arg("number", std::vector<int>{1, 2, 3});
    for (int i = 0; i < 2; ++i) {
        auto outcome = frond::run_blocking(plan, kept, arg("seen", std::ref(seen)), frond::threads(1));
        REQUIRE(outcome);
        CHECK(*outcome.value().get<std::unique_ptr<std::string>>("text") == "3");
    }
}

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
    auto const outcome = frond::run_blocking(plan, arg("count", 4L), arg("cuont", 4), arg("cuont", 5));
    REQUIRE(!outcome);
    CHECK(outcome.error().code() == frond::errc::invalid_arguments);
    // Compilers spell types in ways of their own.
    std::string const whole(frond::value_type_of<long>.name);
    std::string const unknown =
        "\"cuont\" is given, and is neither an input that is needed nor an overridden node; these are count, seen\n";
    CHECK(outcome.error().message() == "input \"count\" is int, and is given " + whole + '\n' + unknown + unknown +
                                           "input \"seen\" is missing; it is needed by doubled");
    auto const twice = frond::run_blocking(plan, arg("seen", std::ref(seen)), arg("count", 4), arg("count", 4),
                                           arg("seen", seen), arg("count", "4"));
    REQUIRE(!twice);
    std::string const reference(frond::value_type_of<int&>.name);
    CHECK(
        says(twice, {"input \"seen\" is " + reference + ", and is given int\n", "input \"count\" is int, and is given ",
                     "input \"count\" is given 3 times; give it once\ninput \"seen\" is given 2 times; give it once"}));
    CHECK(seen == 0);
}

TEST_CASE("the values of overridden nodes are missed, and given once, as those of inputs are") {
    auto const plan = plan_of({"sum", "text"}, {"sum", "doubled", "number"});
    CHECK_FALSE(plan);  // what is inside an expansion is not overridden
    auto const ranged = plan_of({"sum", "text"}, {"sum", "number"});
    int seen = 0;
    auto const missing = frond::run_blocking(ranged, arg("seen", std::ref(seen)));
    CHECK(says(missing, {"the overridden node \"sum\" is missing; it is wanted",
                         "the overridden node \"number\" is missing; it is needed by doubled"}));
    std::vector<int> const values{1, 2};
    CHECK(says(frond::run_blocking(ranged, arg("sum", 1), arg("sum", 1), arg("seen", std::ref(seen)),
                                   arg("number", values), arg("number", values)),
               {"the overridden node \"sum\" is given 2 times", "the overridden node \"number\" is given 2 times"}));
}

TEST_CASE("a plan that needs no input says so") {
    frond::graph_builder made;
    made.add("one", [] { return 1; });
    frond::plan_options options;
    options.wanted = {"one"};
    CHECK(says(frond::run_blocking(frond::plan_for(std::move(made).build().value(), options), arg("two", 2)),
               {"\"two\" is given", "; this plan needs none"}));
}

TEST_CASE("what a refused run was given is left where it is, and destroyed there") {
    auto const counted = std::make_shared<int>(1);
    frond::graph_builder made;
    made.input<std::shared_ptr<int>>("n").input<int>("m");
    made.add("out", [](value<std::shared_ptr<int>> n, value<int> m) { return **n + *m; }, {"n", "m"});
    frond::plan_options options;
    options.wanted = {"out"};
    auto const plan = frond::plan_for(std::move(made).build().value(), options);
    CHECK_FALSE(frond::run_blocking(plan, arg("n", counted), arg("n", counted)));
    CHECK(counted.use_count() == 1);
    auto first = counted;
    auto second = counted;
    std::vector<frond::run_argument> const both{{0, &first}, {0, &second}};
    CHECK_FALSE(frond::prepare_run(plan.get(), both));
    CHECK(first != nullptr);
    CHECK(second != nullptr);
}

TEST_CASE("a value may be a container that is no range of its elements, such as a path") {
    frond::graph_builder made;
    made.input<std::filesystem::path>("root").input<std::string>("text");
    made.add(
        "length",
        [](value<std::filesystem::path> root, value<std::string> text) { return root->string().size() + text->size(); },
        {"root", "text"});
    frond::plan_options options;
    options.wanted = {"length"};
    auto const plan = frond::plan_for(std::move(made).build().value(), options);
    REQUIRE(plan);
    auto outcome =
        frond::run_blocking(plan, arg("root", std::filesystem::path("a/b")), arg("text", std::string("four")));
    REQUIRE(outcome);
    CHECK(outcome.value().get<std::size_t>("length") == 7);
    static_assert(!frond::detail::given_range<std::filesystem::path>);
    static_assert(!frond::detail::given_range<std::set<std::unique_ptr<int>>>);
    static_assert(frond::detail::given_range<std::vector<std::unique_ptr<int>>>);
    static_assert(frond::detail::given_range<std::vector<bool>>);
    static_assert(frond::detail::given_range<std::array<int, 3>>);
    static_assert(!frond::detail::given_range<std::array<std::unique_ptr<int>, 3>>);
}

TEST_CASE("a run is refused with all that its hooks have against it, and with a second report") {
    struct choosy {
        std::string check_plan(frond::plan const& of) const {
            return of.graph.find(node) ? std::string() : "choosy misses " + node;
        }
        void after_run(frond::run_event const&) {}
        frond::observer_policy policy() const { return how; }
        std::string node;
        frond::observer_policy how = frond::every();
    };
    int seen = 0;
    auto const plan = plan_of({"sum"});
    choosy right{"doubled"};
    CHECK(frond::run_blocking(plan, arg("count", 1), arg("seen", std::ref(seen)), right));
    choosy wrong{"trebled"};
    choosy never{"sum", frond::latest(std::chrono::seconds(0))};
    choosy hasty{"sum", frond::lossless(1, std::chrono::milliseconds(-1))};
    frond::run_report first, second;
    auto const outcome = frond::run_blocking(plan, arg("count", 1), wrong, never, hasty, first, second);
    CHECK(says(outcome, {"two run_reports are given", "choosy misses trebled", "the policy of hook 2 is latest(0 s): ",
                         "the policy of hook 3 is lossless(1, -1 ms): ", "input \"seen\" is missing"}));
    CHECK(outcome.error().code() == frond::errc::invalid_arguments);
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
