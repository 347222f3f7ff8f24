#include "frond/run/typed_plan.hpp"
#include "../base/by_hand.hpp"
#include "catch.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using frond::all;
using frond::arg;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using frond::modules;
using frond::named;
using frond::options;
using frond::override_with;
using frond::plan_for;

namespace typed_plan {

struct pool {
    int used = 0;
};

expander<std::string> file(input<"root", std::string> root, input<"count", int, 3> count) {
    for (int i = 0; i < *count; ++i) co_yield *root + std::to_string(i);
}
int words(in<file> path, input<"db", pool&> db) { return static_cast<int>(path->size()) + 0 * ++db->used; }
int words_twice(in<file> path) { return 2 * static_cast<int>(path->size()); }
async<int> total(each<words> of) {
    int sum = 0;
    while (auto next = co_await of.next()) sum += *next;
    co_return sum;
}
int files(all<file> of) { return static_cast<int>(of.size()); }
std::unique_ptr<int> boxed(in<total> sum) { return std::make_unique<int>(*sum); }
std::string greeting(input<"name", std::string> name) { return "hello " + *name; }
int opened(input<"key", std::unique_ptr<int>> key) { return **key; }

/// Counts how often it is copied.
class counted {
public:
    explicit counted(int& copies) : copies_(&copies) {}
    counted(counted const& other) : copies_(other.copies_) { ++*copies_; }
    counted(counted&&) noexcept = default;
    int copies() const { return *copies_; }

private:
    int* copies_;
};
int copies_of(input<"counted", counted> value) { return value->copies(); }
int by_name(named<"total", int> sum) { return *sum + 1; }

}  // namespace typed_plan

using namespace typed_plan;

namespace {

class still_clock final : public frond::clock {
public:
    frond::time_point now() const noexcept override { return {}; }
    void wait(frond::alarm&) noexcept override {}
    bool cancel(frond::alarm&) noexcept override { return true; }
};

template <class Plan>
class ended final : public frond::run_completion {
public:
    void complete(frond::run_outcome& outcome) noexcept override { result.emplace(Plan::take(outcome)); }
    std::optional<frond::result<typename Plan::output>> result;
};

/// Runs a plan to its end on this thread.
template <class Plan, class... A>
auto run(Plan const& plan, A&&... arguments) {
    by_hand::executor here;
    still_clock time;
    ended<Plan> completion;
    auto prepared = plan.prepare(std::forward<A>(arguments)...);
    if (!prepared) return frond::result<typename Plan::output>(prepared.error());
    frond::run_start start;
    start.on = &here;
    start.time = &time;
    start.hooks = prepared.value().hooks;
    start.completion = &completion;
    begin(prepared.value().run, start);
    here.run();
    REQUIRE(completion.result.has_value());
    return std::move(*completion.result);
}

template <class Plan>
std::vector<std::string> inputs_of(Plan const& plan) {
    std::vector<std::string> names;
    for (auto const& input : plan.get()->inputs) names.push_back(input.name);
    std::sort(names.begin(), names.end());
    return names;
}

using strings = std::vector<std::string>;

struct counting {
    int before = 0;
    void before_task(frond::task_event const&) { ++before; }
};

}  // namespace

TEST_CASE("a plan of functions runs with the values that it is given") {
    pool db;
    auto const plan = plan_for<total>();
    CHECK(run(plan, arg<"root">("ab"), arg<"db">(db)).value() == 9);
    CHECK(db.used == 3);
    CHECK(run(plan, arg<"count">(1), arg<"db">(db), arg<"root">(std::string("abc"))).value() == 4);
}

TEST_CASE("what a run is given by lvalue stays as it is") {
    pool db;
    std::string root = "a name that is too long for any short buffer";
    std::string const before = root;
    static_cast<void>(run(plan_for<total>(), arg<"root">(root), arg<"db">(db)));
    CHECK(root == before);
}

TEST_CASE("an argument kept in a variable owns what it was made of, and serves many runs") {
    auto const plan = plan_for<greeting>();
    auto const kept = arg<"name">(std::string("a name too long to lie in the string itself"));
    for (int i = 0; i < 2; ++i) {
        CHECK(run(plan, kept).value() == "hello a name too long to lie in the string itself");
    }
    auto given_away = kept;
    CHECK(run(plan, std::move(given_away)).value() == "hello a name too long to lie in the string itself");
}

TEST_CASE("an argument made of an lvalue refers to it") {
    auto const plan = plan_for<greeting>();
    std::string name = "one";
    auto const kept = arg<"name">(name);
    name = "another";
    CHECK(run(plan, kept).value() == "hello another");
    CHECK(name == "another");
}

TEST_CASE("an overridden node's value may be kept in a variable, a range too") {
    auto const plan = plan_for<files>(options().override_node<file>());
    auto const kept = override_with<file>(strings{"a", "b", "c"});
    CHECK(run(plan, kept).value() == 3);
    CHECK(run(plan, kept).value() == 3);
    auto const sum = override_with<total>(7);
    CHECK(*run(plan_for<boxed>(options().override_node<total>()), sum).value() == 7);
}

TEST_CASE("a value that is given at once is moved into the run, and never copied") {
    CHECK(run(plan_for<opened>(), arg<"key">(std::make_unique<int>(5))).value() == 5);
    auto kept = arg<"key">(std::make_unique<int>(6));
    CHECK(run(plan_for<opened>(), std::move(kept)).value() == 6);
    int copies = 0;
    CHECK(run(plan_for<copies_of>(), arg<"counted">(counted(copies))).value() == 0);
    CHECK(copies == 0);
    auto const lasting = arg<"counted">(counted(copies));
    CHECK(run(plan_for<copies_of>(), lasting).value() == 1);
}

TEST_CASE("several outputs are told apart by their functions") {
    pool db;
    auto given = run(plan_for<files, total, file, boxed>(), arg<"root">("ab"), arg<"db">(db)).value();
    CHECK(given.get<total>() == 9);
    CHECK(given.get<files>() == 3);
    CHECK(given.get<file>() == strings{"ab0", "ab1", "ab2"});
    CHECK(*std::move(given).get<boxed>() == 9);
}

TEST_CASE("a replaced function is not run, and neither is what only it needed asked for") {
    auto const plan = plan_for<total>(options().replace<words, words_twice>());
    CHECK(inputs_of(plan) == strings{"count", "root"});
    CHECK(run(plan, arg<"root">("ab")).value() == 18);
}

TEST_CASE("an overridden expander yields the range that the run is given") {
    pool db;
    auto const plan = plan_for<total>(options().override_node<file>());
    CHECK(inputs_of(plan) == strings{"db", "file"});
    CHECK(run(plan, override_with<file>(strings{"a", "bcd"}), arg<"db">(db)).value() == 4);
    char const* const names[] = {"xy"};
    CHECK(run(plan, override_with<file>(names), arg<"db">(db)).value() == 2);
}

TEST_CASE("an overridden node has the value that the run is given") {
    auto const plan = plan_for<boxed>(options().override_node<total>());
    CHECK(inputs_of(plan) == strings{"total"});
    CHECK(*run(plan, override_with<total>(5)).value() == 5);
}

TEST_CASE("a run of functions is refused with all that its hooks have against it, before a value is moved into it") {
    struct choosy {
        std::string check_plan(frond::plan const& of) const {
            return of.graph.find(node) ? std::string() : "choosy misses " + node;
        }
        void before_task(frond::task_event const&) {}
        std::string node;
    };
    auto const plan = plan_for<boxed>(options().override_node<total>());
    choosy right{"total"};
    CHECK(run(plan, override_with<total>(5), right));
    choosy wrong{"wrods"};
    choosy wrong_too{"fiel"};
    frond::run_report first, second;
    auto const outcome = run(plan, override_with<total>(5), wrong, first, wrong_too, second);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code() == frond::errc::invalid_arguments);
    CHECK(outcome.error().message() ==
          "two run_reports are given; a run fills in one\nchoosy misses wrods\nchoosy misses fiel");
}

TEST_CASE("a value that is its own element is no range to override an expander with") {
    using std::filesystem::path;
    static_assert(!frond::detail::fits_range<path, path>);
    static_assert(!frond::detail::fits_range<std::string, path const&>);
    static_assert(frond::detail::fits_range<path, std::vector<path>>);
    static_assert(frond::detail::fits_range<char, std::string&>);
    CHECK(true);
}

TEST_CASE("a dependency by name is looked up in the plan's modules") {
    pool db;
    CHECK(run(plan_for<modules<total>, by_name>(), arg<"root">("ab"), arg<"db">(db)).value() == 10);
}

TEST_CASE("options speak of nodes by their functions") {
    auto const plan = plan_for<total>(options()
                                          .limit(7)
                                          .limit<file>(2)
                                          .blocking<words>()
                                          .grouping(frond::grouping::each_node)
                                          .budget(std::chrono::milliseconds(3)));
    auto const& made = plan.get()->options;
    CHECK(made.limit == 7);
    CHECK(made.expander_limits.at("file") == 2);
    CHECK(made.blocking == strings{"words"});
    CHECK(made.grouping == frond::grouping::each_node);
    CHECK(made.budget == std::chrono::milliseconds(3));
    CHECK(made.wanted == strings{"total"});
}

TEST_CASE("options that speak of a replaced function mean the one in its place") {
    auto const plan = plan_for<total>(options().blocking<words>().replace<words, words_twice>());
    CHECK(plan.get()->options.blocking == strings{"words_twice"});
}

TEST_CASE("what is wrong with a plan is told by the plan and by each of its runs") {
    auto const plan = plan_for<files>(options().limit(0));
    REQUIRE(plan.failure() != nullptr);
    CHECK_FALSE(plan);
    auto const given = run(plan, arg<"root">("ab"));
    REQUIRE(given.has_error());
    CHECK(given.error().code() == plan.failure()->code());
}

TEST_CASE("hooks are lvalues or shared") {
    counting one;
    auto const other = std::make_shared<counting>();
    auto const prepared = plan_for<files>().prepare(one, arg<"root">("ab"), other).value();
    CHECK(prepared.hooks.size() == 2);
    CHECK(other.use_count() == 2);
}
