// A run whose nodes, keys and errors are all called the same.
#pragma once

#include "stepped_run.hpp"

#include "frond/base/result.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/this_task.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace hostile {

/// Two children with two children each. Of these the first tells how far it is and waits, the second fails twice; at the end
/// the whole run fails. All names begin with `name`, all keys and errors are just that.
inline frond::graph graph_of(std::string const& name, gates& waits) {
    using frond::child;
    using frond::value;
    auto const fails = [name] { return frond::error(frond::errc::node_failed, name); };
    frond::graph_builder made;
    made.input<int>(name + "count", 2);
    made.add(name + "outer",
             [name](value<int> count) -> frond::expander<int> {
                 for (int i = 0; i < *count; ++i) co_yield child(name, i);
             },
             {name + "count"});
    made.add(name + "inner",
             [name](value<int> outer) -> frond::expander<int> {
                 for (int i = 0; i < 2; ++i) co_yield child(name, 2 * *outer + i);
             },
             {name + "outer"});
    made.add(name + "leaf",
             [fails, &waits](value<int> of) -> frond::async<int> {
                 int const number = *of;
                 if (number % 2 != 0) throw frond::bad_result(fails());
                 frond::this_task::progress(1, 3);
                 co_await waits.wait(number);
                 co_return number;
             },
             {name + "inner"});
    made.add(name + "sum", [](frond::list<frond::result<int>> of) { return static_cast<int>(of.size()); },
             {name + "leaf"});
    made.add(name + "total", [fails](frond::list<int>) -> frond::result<int> { return fails(); }, {name + "sum"});
    return std::move(made).build().value();
}

inline std::shared_ptr<frond::plan const> plan_of(std::string const& name, gates& waits) {
    frond::plan_options options;
    options.wanted = {name + "total"};
    options.retries = {{name + "leaf", {2, {}}}};
    return frond::plan::make(graph_of(name, waits), options).value();
}

/// Runs it, and calls `meanwhile` while bodies wait.
template <class... Hooks>
frond::error run(std::string const& name, std::function<void()> const& meanwhile, Hooks&... hooks) {
    using namespace std::chrono_literals;
    gates waits;
    stepped_run run(plan_of(name, waits), hooks...);
    run.settle(500ms);
    meanwhile();
    for (int const each : {0, 2}) waits.open(each);
    run.settle(500ms);
    return run.failure().value();
}

}  // namespace hostile
