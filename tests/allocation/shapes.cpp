// Graphs of every shape, without hooks.
#include "graphs.hpp"

#include "frond/graph/graph_builder.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace scarce {

using frond::arg;

namespace nodes {

inline int one(frond::input<"count", int> count) { return *count + 1; }
inline std::string two(frond::in<one> n) { return std::string(100, static_cast<char>('a' + *n)); }
inline std::size_t three(frond::in<two> text) { return text->size(); }

inline frond::expander<std::string> word(frond::input<"count", int> count) {
    for (int i = 0; i < *count; ++i) {
        std::string text(60, 'x');
        co_yield frond::child("the key of a child that has a long one", std::move(text));
    }
}
inline frond::expander<char> letter(frond::in<word> text) {
    for (char const each : *text) co_yield each;
}
inline int is_x(frond::in<letter> c) { return *c == 'x' ? 1 : 0; }
inline int of_word(frond::all<is_x> letters) { return static_cast<int>(letters.size()); }
inline frond::async<int> of_all(frond::each<of_word> words) {
    int sum = 0;
    while (auto next = co_await words.next()) sum += *next;
    co_return sum;
}

inline std::string text_of(frond::in<number> n) { return std::string(static_cast<std::size_t>(40 + *n), 'y'); }
inline frond::async<std::size_t> longest(frond::each<text_of, same> pairs) {
    std::size_t most = 0;
    while (auto next = co_await pairs.next()) most = std::max(most, std::get<0>(*next).size());
    co_return most;
}
inline std::string joined(frond::all<text_of> all) {
    std::string made;
    for (auto const& each : all) made += each;
    return made;
}
inline std::size_t size_of_joined(frond::take<joined> text, frond::in<longest> most) {
    std::string const mine = std::move(*text);
    return mine.size() + *most;
}

inline frond::expander<int> slow_number(frond::input<"count", int> count) {
    auto const here = co_await frond::this_executor;
    co_yield frond::expect(static_cast<std::uint64_t>(*count));
    for (int i = 0; i < *count; ++i) {
        co_yield i;
        frond::net::steady_timer timer(here, std::chrono::microseconds(50));
        co_await timer.async_wait(frond::use_async);
    }
}
inline frond::async<int> slow_value(frond::in<slow_number> n) { co_return *n; }
inline int slow_count(frond::all<slow_value> all) { return static_cast<int>(all.size()); }

// Each page links to the two behind it; every third one waits.
inline frond::expander<int> page(frond::back<"links", std::vector<int>> found) {
    co_yield 1;
    while (auto more = co_await found.next()) {
        for (int const each : *more) co_yield each;
    }
}
inline frond::async<std::vector<int>> links(frond::in<page> of, frond::input<"count", int> last) {
    int const here = *of;
    if (here % 3 == 0) {
        auto const on = co_await frond::this_executor;
        frond::net::steady_timer timer(on, std::chrono::microseconds(50));
        co_await timer.async_wait(frond::use_async);
    }
    std::vector<int> made;
    if (2 * here <= *last) made.push_back(2 * here);
    if (2 * here + 1 <= *last) made.push_back(2 * here + 1);
    co_return made;
}
inline int pages(frond::all<page> all) { return static_cast<int>(all.size()); }

inline frond::expander<int> part(frond::in<number> of) {
    for (int i = 0; i < 3; ++i) co_yield *of;
}
inline frond::async<int> waits(frond::in<part> of) {
    int const value = *of;
    auto const on = co_await frond::this_executor;
    frond::net::steady_timer timer(on, std::chrono::microseconds(50));
    co_await timer.async_wait(frond::use_async);
    co_return value;
}
inline int parts(frond::all<waits> of) { return static_cast<int>(of.size()); }
inline int all_parts(frond::all<parts> of) {
    int sum = 0;
    for (int const each : of) sum += each;
    return sum;
}

inline int odd_fails(frond::in<number> n) {
    if (*n % 2 != 0) throw std::runtime_error("an odd number, and a text that is long enough to need memory");
    return *n;
}
inline int count_odd(frond::all_results<odd_fails> all) {
    int failed = 0;
    for (auto const& each : all) failed += each ? 0 : 1;
    return failed >= 5 && all.size() == 10 ? 5 : 0;
}
inline frond::async<int> stream_odd(frond::each_result<odd_fails> all) {
    int failed = 0;
    int total = 0;
    while (auto next = co_await all.next()) {
        failed += *next ? 0 : 1;
        ++total;
    }
    co_return failed >= 5 && total == 10 ? 5 : 0;
}

}  // namespace nodes

SCENARIO("plain functions") { return judge(run_here(frond::plan_for<nodes::three>(), arg<"count">(3)), 100U); }

SCENARIO("plain children") { return judge(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(10)), 55); }

SCENARIO("many plain children") {
    return judge(run_here(frond::plan_for<nodes::sum_of_same>(), arg<"count">(300)), 300 * 301 / 2);
}

SCENARIO("coroutines and a stream") {
    return judge(run_here(frond::plan_for<nodes::sum_of_doubled>(), arg<"count">(10)), 110);
}

SCENARIO("children that find each other") {
    auto const plan = frond::plan_for<frond::modules<nodes::links>, nodes::pages>();
    return judge(run_here(plan, arg<"count">(20)), 20);
}

SCENARIO("limits in each parent and in the whole run") {
    auto const plan =
        frond::plan_for<nodes::all_parts>(frond::options().limit_each<nodes::part>(1).limit<nodes::part>(2));
    return judge(run_here(plan, arg<"count">(4)), 12);
}

SCENARIO("nested expansions with keys") {
    return judge(run_here(frond::plan_for<nodes::of_all>(), arg<"count">(3)), 180);
}

SCENARIO("nested expansions, one at a time") {
    auto const plan = frond::plan_for<nodes::of_all>(frond::options().limit(1).limit<nodes::word>(1));
    return judge(run_here(plan, arg<"count">(3)), 180);
}

SCENARIO("several collectors and outputs") {
    auto const outcome = run_here(frond::plan_for<nodes::size_of_joined, nodes::longest>(), arg<"count">(4));
    if (!outcome) return judge(frond::result<int>(outcome.assume_error()), 0);
    auto const& values = outcome.assume_value();
    bool const right =
        values.get<nodes::size_of_joined>() == 41 + 42 + 43 + 44 + 44 && values.get<nodes::longest>() == 44;
    return right ? ending::value : ending::wrong;
}

SCENARIO("each node a task of its own") {
    auto const plan = frond::plan_for<nodes::size_of_joined>(frond::options().grouping(frond::grouping::each_node));
    return judge(run_here(plan, arg<"count">(4)), 41 + 42 + 43 + 44 + 44U);
}

SCENARIO("an expander that awaits timers") {
    return judge(run_here(frond::plan_for<nodes::slow_count>(), arg<"count">(5)), 5);
}

SCENARIO("children that await timers") {
    return judge(run_here(frond::plan_for<nodes::sum_after_a_while>(), arg<"count">(10)), 55);
}

SCENARIO("failures as a list of values") {
    return judge(run_here(frond::plan_for<nodes::count_odd>(), arg<"count">(10)), 5);
}

SCENARIO("failures as a stream of values") {
    return judge(run_here(frond::plan_for<nodes::stream_odd>(), arg<"count">(10)), 5);
}

SCENARIO("an overridden and a replaced node") {
    auto const plan = frond::plan_for<nodes::size_of_joined>(
        frond::options().override_node<nodes::joined>().replace<nodes::same, nodes::odd_fails>());
    auto const outcome = run_here(plan, arg<"count">(1), frond::override_with<nodes::joined>(std::string(50, 'z')));
    return judge_failure(outcome, frond::make_error_code(frond::errc::node_failed));
}

SCENARIO("a graph made at run time") {
    frond::graph_builder made;
    made.add("n", [](frond::value<int> count) { return nodes::twice(*count); }, {"count"});
    made.add("item", [](frond::value<std::vector<int>> of) { return frond::expand(*of); }, {"items"});
    made.add("more", [](frond::value<int> i, frond::value<int> n) { return *i + *n; }, {"item", "n"});
    made.add("sum",
             [](frond::list<int> all) {
                 int sum = 0;
                 for (int each : all) sum += each;
                 return sum;
             },
             {"more"});
    made.input<int>("count");
    made.input<std::vector<int>>("items");
    auto built = std::move(made).build();
    if (!built) return judge(frond::result<int>(built.error()), 0);
    frond::plan_options options;
    options.wanted = {"sum"};
    auto const plan = frond::plan_for(std::move(built).value(), options);
    open();
    auto outcome =
        frond::run_blocking(plan, arg("count", 5), arg("items", std::vector<int>{1, 2, 3}), frond::threads(1));
    close();
    if (!outcome) return judge(frond::result<int>(outcome.assume_error()), 0);
    return outcome.assume_value().get<int>("sum") == 36 ? ending::value : ending::wrong;
}

SCENARIO("arguments that do not fit") {
    frond::graph_builder made;
    made.input<int>("count");
    made.add("n", [](frond::value<int> count) { return *count; }, {"count"});
    auto built = std::move(made).build();
    if (!built) return judge(frond::result<int>(built.error()), 0);
    frond::plan_options options;
    options.wanted = {"n"};
    auto const plan = frond::plan_for(std::move(built).value(), options);
    open();
    auto const outcome = frond::run_blocking(plan, arg("cuont", 5), frond::threads(1));
    close();
    return judge_failure(outcome, frond::make_error_code(frond::errc::invalid_arguments));
}

}  // namespace scarce
