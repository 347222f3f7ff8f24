// What the graphs that typed_graphs.py writes have in common.
#pragma once

#include "environment.hpp"

#include "../catch.hpp"

#include <frond/frond.hpp>
#include <frond/graph/graph_builder.hpp>
#include <frond/run/named_plan.hpp>

#include <cstdint>
#include <cstdlib>
#include <future>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace typed_graphs {

using number = std::uint64_t;

inline number mixed(number z) noexcept {
    z += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

inline number followed_by(number before, number next) noexcept { return mixed(before * 31 + mixed(next)); }

inline number ordered(frond::list<number> const& values) {
    number made = 0;
    for (number const each : values) made = followed_by(made, each);
    return made;
}

/// Runs a plan on two threads. Errors: one that does not end in time ends the program, after the graph has been told.
template <class Plan>
auto run(Plan const& plan, char const* form, std::string const& drawn) {
    using output = frond::result<typename Plan::output>;
    std::promise<output> end;
    auto came = end.get_future();
    std::thread runner([&] { end.set_value(frond::run_blocking(plan, frond::threads(2))); });
    if (came.wait_for(stress::patience()) != std::future_status::ready) {
        std::cerr << "stands still, " << form << ":\n" << drawn << std::endl;
        std::abort();  // its threads cannot be given back
    }
    runner.join();
    return came.get();
}

/// `expected`: what a sequential evaluation comes to; none: there is no such thing, and the graph is to be refused.
template <auto Wanted>
void check(frond::graph_builder&& at_run_time, std::string const& wanted, std::optional<number> expected) {
    using wiring = typename frond::detail::wiring_for<frond::modules<Wanted>, frond::modules<>, frond::detail::types<>,
                                                      frond::detail::types<>>::type;
    frond::plan_options options;
    options.wanted = {wanted};
    auto made = std::move(at_run_time).build();
    std::string const drawn = made ? frond::to_dot(made.value()) : made.error().to_string();
    bool run_time_takes_it = false;
    if (made) {
        auto const plan = frond::plan_for(std::move(made).value(), options);
        run_time_takes_it = static_cast<bool>(plan);
        if (run_time_takes_it) {
            INFO(drawn);
            auto const outcome = run(plan, "made at run time", drawn);
            CHECK(outcome.has_value());
            if (outcome) CHECK(outcome.value().template get<number>(wanted) == expected);
        }
    }
    bool typed_takes_it = false;
    if constexpr (wiring::right) {
        auto const plan = frond::plan_for<Wanted>();
        typed_takes_it = static_cast<bool>(plan);
        if (typed_takes_it) {
            INFO(drawn);
            auto const outcome = run(plan, "typed", drawn);
            CHECK(outcome.has_value());
            if (outcome) CHECK(outcome.value() == expected);
        }
    }
    INFO(drawn);
    CHECK(typed_takes_it == run_time_takes_it);
}

}  // namespace typed_graphs
