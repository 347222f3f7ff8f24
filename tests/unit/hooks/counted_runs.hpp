// Runs that stop where the test says, and how many there are of everything at each pause: counted by the graph, by hand.
#pragma once

#include "expected_counts.hpp"
#include "stepped_run.hpp"

#include "frond/graph/graph_builder.hpp"
#include "frond/plan/plan.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace counted_runs {

using frond::async;
using frond::expander;
using frond::list;
using frond::value;

inline std::shared_ptr<frond::plan const> plan_of(frond::graph_builder&& nodes, std::string wanted) {
    frond::plan_options options;
    options.wanted = {std::move(wanted)};
    return frond::plan::make(std::move(nodes).build().value(), options).value();
}

/// A body that waits at the gate `first` + its number.
inline auto waits_at(gates& waits, int first) {
    return [&waits, first](value<int> of) -> async<int> {
        int const number = *of;
        co_await waits.wait(first + number);
        co_return number;
    };
}

inline void open(gates& waits, std::initializer_list<int> which) {
    for (int const each : which) waits.open(each);
}

/// 3 and 7 children at once: `square` waits at the gates 100 to 102, `cube` at 200 to 206.
inline std::shared_ptr<frond::plan const> three_and_seven(gates& waits) {
    auto const up_to = [](int end) {
        return [end]() -> expander<int> {
            for (int i = 0; i < end; ++i) co_yield i;
        };
    };
    auto const size = [](list<int> of) { return static_cast<int>(of.size()); };
    frond::graph_builder made;
    made.add("three", up_to(3)).add("square", waits_at(waits, 100), {"three"}).add("squares", size, {"square"});
    made.add("seven", up_to(7)).add("cube", waits_at(waits, 200), {"seven"}).add("cubes", size, {"cube"});
    made.add("both", [](value<int> a, value<int> b) { return *a + *b; }, {"squares", "cubes"});
    return plan_of(std::move(made), "both");
}

/// Shows each pause to `watches(plan)`, by `expect(expected_progress)`.
void play_three_and_seven(auto const& watches) {
    gates waits;
    auto run = watches(three_and_seven(waits));
    expected_progress now;
    now.row = "2/15";  // 2 expanders, 10 children, 2 collectors, and the one that takes both
    now.expansions = {{"three", {{3, 3, 0}, 3, "0/3"}}, {"seven", {{7, 7, 0}, 7, "0/7"}}};
    now.specs = {{"expand-three", {1, 0, 1}}, {"block-three", {3, 3, 0}}, {"collect-squares", {1, 0, 0}},
                 {"expand-seven", {1, 0, 1}}, {"block-seven", {7, 7, 0}}, {"collect-cubes", {1, 0, 0}},
                 {"both", {1, 0, 0}}};
    run.expect(now);

    open(waits, {100, 203, 204});
    now.row = "5/15";
    now.expansions = {{"three", {{3, 2, 1}, 3, "1/3"}}, {"seven", {{7, 5, 2}, 7, "2/7"}}};
    now.specs["block-three"] = {3, 2, 1};
    now.specs["block-seven"] = {7, 5, 2};
    run.expect(now);

    open(waits, {102, 101});
    now.row = "8/15";
    now.expansions["three"] = {{3, 0, 3}, 3, "3/3"};
    now.specs["block-three"] = {3, 0, 3};
    now.specs["collect-squares"] = {1, 0, 1};
    run.expect(now);

    open(waits, {200, 201, 202, 205, 206});
    now.row = "15/15";
    now.expansions["seven"] = {{7, 0, 7}, 7, "7/7"};
    now.specs["block-seven"] = {7, 0, 7};
    now.specs["collect-cubes"] = {1, 0, 1};
    now.specs["both"] = {1, 0, 1};
    run.expect(now);
    run.ends();
}

/// 5 x (0, 1, 2, 3, 4): `outer` waits at gate 1 when it has yielded three; the last `inner` says that it will yield four, and
/// waits at gate 2 when it has yielded one; the leaf `i` of the outer child `o` waits at the gate 100 + 10 * o + i.
inline std::shared_ptr<frond::plan const> nested(gates& waits) {
    frond::graph_builder made;
    made.add("outer", [&waits]() -> expander<int> {
        for (int i = 0; i < 5; ++i) {
            if (i == 3) co_await waits.wait(1);
            co_yield frond::child("o" + std::to_string(i), i);
        }
    });
    made.add("inner",
             [&waits](value<int> o) -> expander<int> {
                 int const outer = *o;
                 if (outer == 4) co_yield frond::expect(4);
                 for (int i = 0; i < outer; ++i) {
                     if (outer == 4 && i == 1) co_await waits.wait(2);
                     co_yield 10 * outer + i;
                 }
             },
             {"outer"});
    auto const size = [](list<int> of) { return static_cast<int>(of.size()); };
    made.add("leaf", waits_at(waits, 100), {"inner"}).add("sum", size, {"leaf"}).add("total", size, {"sum"});
    return plan_of(std::move(made), "total");
}

void play_nested(auto const& watches) {
    gates waits;
    auto run = watches(nested(waits));
    expected_progress now;
    // Of the outer children 0, 1 and 2 the first is done: it has none of its own. Of the tasks there are 1 expander, 3 inner ones,
    // 3 leaves, 3 sums and the total; the inner ones and a sum have ended.
    now.row = "4/11+";
    now.expansions = {{"outer", {{3, 2, 1}, std::nullopt, "1/3+"}}, {"inner", {{3, 3, 0}, std::nullopt, "0/3+"}}};
    now.specs = {{"expand-outer", {1, 1, 0}},
                 {"expand-inner", {3, 0, 3}},
                 {"block-inner", {3, 3, 0}},
                 {"collect-sum", {3, 0, 1}},
                 {"collect-total", {1, 0, 0}}};
    run.expect(now);

    // 1 + 5 + 10 + 5 + 1 tasks, though three leaves are only promised.
    open(waits, {1});
    now.row = "6/22";
    now.expansions = {{"outer", {{5, 4, 1}, 5, "1/5"}}, {"inner", {{7, 7, 0}, 10, "0/10"}}};
    now.specs = {{"expand-outer", {1, 0, 1}},
                 {"expand-inner", {5, 1, 4}},
                 {"block-inner", {7, 7, 0}},
                 {"collect-sum", {5, 0, 1}},
                 {"collect-total", {1, 0, 0}}};
    run.expect(now);

    open(waits, {110});  // the only leaf of its child
    now.row = "8/22";
    now.expansions = {{"outer", {{5, 3, 2}, 5, "2/5"}}, {"inner", {{7, 6, 1}, 10, "1/10"}}};
    now.specs["block-inner"] = {7, 6, 1};
    now.specs["collect-sum"] = {5, 0, 2};
    run.expect(now);

    open(waits, {130});  // one of three
    now.row = "9/22";
    now.expansions["inner"] = {{7, 5, 2}, 10, "2/10"};
    now.specs["block-inner"] = {7, 5, 2};
    run.expect(now);

    open(waits, {2});
    now.row = "10/22";
    now.expansions["inner"] = {{10, 8, 2}, 10, "2/10"};
    now.specs["expand-inner"] = {5, 0, 5};
    now.specs["block-inner"] = {10, 8, 2};
    run.expect(now);

    open(waits, {143, 120, 121, 131, 132, 140, 141, 142});
    now.row = "22/22";
    now.expansions = {{"outer", {{5, 0, 5}, 5, "5/5"}}, {"inner", {{10, 0, 10}, 10, "10/10"}}};
    now.specs["block-inner"] = {10, 0, 10};
    now.specs["collect-sum"] = {5, 0, 5};
    now.specs["collect-total"] = {1, 0, 1};
    run.expect(now);
    run.ends();
}

/// Of unknown length: `line` waits at the gates 0, 1 and 2 after each of its children. The second child waits at gate 101,
/// the third fails, and that is a value.
inline std::shared_ptr<frond::plan const> unknown_length(gates& waits) {
    frond::graph_builder made;
    made.add("line", [&waits]() -> expander<int> {
        for (int i = 0; i < 3; ++i) {
            co_yield i;
            co_await waits.wait(i);
        }
    });
    made.add("read",
             [&waits](value<int> of) -> async<int> {
                 int const number = *of;
                 if (number == 1) co_await waits.wait(101);
                 if (number == 2) throw std::runtime_error("no luck");
                 co_return number;
             },
             {"line"});
    made.add("lines", [](list<frond::result<int>> of) { return static_cast<int>(of.size()); }, {"read"});
    return plan_of(std::move(made), "lines");
}

void play_unknown_length(auto const& watches) {
    gates waits;
    auto run = watches(unknown_length(waits));
    expected_progress now;
    now.row = "1/3+";  // the expander, a child, the collector
    now.expansions = {{"line", {{1, 0, 1}, std::nullopt, "1/1+"}}};
    now.specs = {{"expand-line", {1, 1, 0}}, {"block-line", {1, 0, 1}}, {"collect-lines", {1, 0, 0}}};
    run.expect(now);

    open(waits, {0});
    now.row = "1/4+";
    now.expansions = {{"line", {{2, 1, 1}, std::nullopt, "1/2+"}}};
    now.specs["block-line"] = {2, 1, 1};
    run.expect(now);

    open(waits, {1});  // what has failed has ended
    now.row = "2/5+";
    now.expansions = {{"line", {{3, 1, 1, 1}, std::nullopt, "2/3+"}}};
    now.specs["block-line"] = {3, 1, 1, 1};
    run.expect(now);

    open(waits, {2});
    now.row = "3/5";
    now.expansions["line"].total = 3;
    now.expansions["line"].row = "2/3";
    now.specs["expand-line"] = {1, 0, 1};
    run.expect(now);

    open(waits, {101});
    now.row = "5/5";
    now.expansions = {{"line", {{3, 0, 2, 1}, 3, "3/3"}}};
    now.specs["block-line"] = {3, 0, 2, 1};
    now.specs["collect-lines"] = {1, 0, 1};
    run.expect(now);
    run.ends();
}

}  // namespace counted_runs
