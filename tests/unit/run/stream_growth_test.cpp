// Readers that would stand still: what a run does for them, and how it tells of it.
#include "catch.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/run_blocking.hpp"

#include <string>
#include <vector>

using frond::all;
using frond::arg;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;

namespace standing {

constexpr int many = 20'000;
constexpr long sum = static_cast<long>(many) * (many - 1) / 2;

expander<int> x(input<"count", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
expander<int> y(input<"count", int> count) {
    for (int i = 0; i < *count; ++i) co_yield i;
}
int f(in<x> i) { return *i; }
int g(in<y> i) { return *i; }
async<long> f_first(each<f> fs, each<g> gs) {
    long made = 0;
    while (auto next = co_await fs.next()) made += *next;
    while (auto next = co_await gs.next()) made += *next;
    co_return made;
}
async<long> g_first(each<f> fs, each<g> gs) {
    long made = 0;
    while (auto next = co_await gs.next()) made += *next;
    while (auto next = co_await fs.next()) made += *next;
    co_return made;
}
async<long> in_turn(each<f> fs, each<g> gs) {
    long made = 0;
    while (auto next = co_await fs.next()) {
        made += *next;
        if (auto other = co_await gs.next()) made += *other;
    }
    co_return made;
}
async<long> beside_list(each<f> fs, all<g> gs) {
    long made = 0;
    for (int const each : gs) made += each;
    while (auto next = co_await fs.next()) made += *next;
    co_return made;
}

/// Remembers what it is told.
struct listener {
    void on_stream_growth(frond::stream_growth_event const& event) { told.push_back(event); }
    std::vector<frond::stream_growth_event> told;
};

}  // namespace standing

using namespace standing;

TEST_CASE("two readers that read two expansions in different orders both end, and each growth is told") {
    listener hook;
    frond::run_report report;
    auto const plan = frond::plan_for<f_first, g_first>();
    auto const made = frond::run_blocking(plan, arg<"count">(many), frond::threads(2), hook, report);
    REQUIRE(made);
    CHECK(made.value().get<f_first>() == 2 * sum);
    CHECK(made.value().get<g_first>() == 2 * sum);
    CHECK(report.streams_grown > 0);
    REQUIRE(hook.told.size() == report.streams_grown);
    std::uint64_t most = 0;
    for (auto const& each : hook.told) {
        most = std::max(most, each.chunks);
        CHECK(each.run_id == report.run_id);
        CHECK(each.bytes > each.chunks);
        std::string const expander = each.expander.to_string();
        std::string const collector = each.collector.to_string();
        CHECK(((expander == "expand-x" && collector == "collect-g_first") ||
               (expander == "expand-y" && collector == "collect-f_first")));
    }
    CHECK(most == report.most_stream_chunks);
}

TEST_CASE("a list beside a stream of another expansion ends") {
    auto const made =
        frond::run_blocking(frond::plan_for<f_first, beside_list>(), arg<"count">(many), frond::threads(2));
    REQUIRE(made);
    CHECK(made.value().get<beside_list>() == 2 * sum);
}

TEST_CASE("readers that read two expansions in step need no more than what streams have") {
    frond::run_report report;
    auto const alone = frond::run_blocking(frond::plan_for<in_turn>(), arg<"count">(many), frond::threads(2), report);
    CHECK(alone.value() == 2 * sum);
    CHECK(report.streams_grown == 0);
}

TEST_CASE("a run whose streams may not grow fails with what waits for what, and what to do") {
    frond::run_report report;
    auto const plan = frond::plan_for<f_first, g_first>(frond::options().stream_memory(0));
    auto const made = frond::run_blocking(plan, arg<"count">(many), frond::threads(2), report);
    REQUIRE_FALSE(made);
    CHECK(made.error().code() == make_error_code(frond::errc::stream_memory));
    std::string const message(made.error().message());
    for (char const* part :
         {"a standstill: ", "f_first waits for x", "x waits for g_first to read its children", "g_first waits for y",
          "y waits for f_first to read its children", "stream_memory of 0 bytes", "all<f>"}) {
        CAPTURE(message, part);
        CHECK(message.find(part) != std::string::npos);
    }
    CHECK(report.streams_grown == 0);
    CHECK(frond::run_blocking(plan, arg<"count">(10), frond::threads(2)));
}

TEST_CASE("what is expanded again is read beside what it is made of, in whatever order") {
    for (bool const again_first : {true, false}) {
        frond::graph_builder builder;
        builder
            .add("x",
                 []() -> expander<int> {
                     for (int i = 0; i < many; ++i) co_yield i;
                 })
            .add("f", [](frond::value<int> i) { return *i; }, {"x"})
            .add("y",
                 [](frond::stream<int> of) -> expander<int> {
                     while (auto next = co_await of.next()) co_yield *next;
                 },
                 {"f"})
            .add("g", [](frond::value<int> i) { return *i; }, {"y"})
            .add("c",
                 [again_first](frond::stream<int> one, frond::stream<int> again) -> async<long> {
                     long made = 0;
                     auto& before = again_first ? again : one;
                     auto& after = again_first ? one : again;
                     while (auto next = co_await before.next()) made += *next;
                     while (auto next = co_await after.next()) made += *next;
                     co_return made;
                 },
                 {"f", "g"});
        frond::plan_options options;
        options.wanted = {"c"};
        auto const made =
            frond::run_blocking(frond::plan_for(std::move(builder).build().value(), options), frond::threads(2));
        REQUIRE(made);
        CHECK(made.value().get<long>("c") == 2 * sum);
    }
}
