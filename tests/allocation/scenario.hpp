// The scenarios, by name: each makes a plan, opens the window of scarce memory, runs the plan, and says how the run ended.
#pragma once

#include "scarce_memory.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <exception>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace scarce {

/// How a scenario ended, beside the ends that only its parent process sees.
enum class ending : int {
    value,    // the right value
    error,    // an error that the scenario may end with
    threw,    // std::bad_alloc, from a function that may throw it
    wrong,    // another value than the right one, an error for which there was no reason, or no outcome at all
    escaped,  // an exception, from a function that must not throw it
};

struct scenario {
    char const* name;
    ending (*run)();
};

std::vector<scenario>& all_scenarios();

/// Adds a scenario before main.
struct registered {
    registered(char const* name, ending (*run)()) { all_scenarios().push_back({name, run}); }
};

/// The end of a run that should give `right`.
template <class T, class U>
ending judge(frond::result<T> const& outcome, U const& right) {
    if (outcome) return outcome.assume_value() == right ? ending::value : ending::wrong;
    return outcome.assume_error().code() == std::errc::not_enough_memory ? ending::error : ending::wrong;
}

/// The end of a run that should fail with `right`, or for lack of memory.
template <class T>
ending judge_failure(frond::result<T> const& outcome, std::error_code right) {
    if (outcome) return ending::wrong;
    auto const& code = outcome.assume_error().code();
    if (code == right) return ending::value;
    return code == std::errc::not_enough_memory ? ending::error : ending::wrong;
}

/// Runs a plan on the calling thread alone.
template <class Plan, class... A>
auto run_here(Plan const& plan, A&&... arguments) {
    open();
    auto outcome = frond::run_blocking(plan, std::forward<A>(arguments)..., frond::threads(1));
    close();
    return outcome;
}

/// The outcome of an operation, if it came.
template <class T>
using outcome_of = std::optional<frond::result<T>>;

/// Runs the loop of a context. An exception that leaves the loop would end a program that does not expect one. So it ends this
/// process, by noexcept, which the parent counts as an abort.
template <class Loop>
void run_loop(Loop loop) noexcept {
    loop();
}

/// Starts a run as an Asio operation that completes on `on`, and runs the context until it has nothing to do.
/// Errors: throws std::bad_alloc, as an initiating function may.
template <class Context, class Executor, class Plan, class... A>
auto run_async(Context& context, Executor const& on, Plan const& plan, A&&... arguments) {
    outcome_of<typename Plan::output> outcome;
    open();
    plan.async_run(std::forward<A>(arguments)...,
                   frond::net::bind_executor(
                       on, [&](frond::result<typename Plan::output> ended) { outcome.emplace(std::move(ended)); }));
    run_loop([&] {
        if constexpr (requires { context.run(); }) {
            context.run();
        } else {
            context.join();
        }
    });
    close();
    return outcome;
}

template <class T, class U>
ending judge(outcome_of<T> const& outcome, U const& right) {
    return outcome ? judge(*outcome, right) : ending::wrong;
}

}  // namespace scarce

#define SCARCE_JOIN2(a, b) a##b
#define SCARCE_JOIN(a, b) SCARCE_JOIN2(a, b)
/// SCENARIO("name") { ... return judge(outcome, right); }
#define SCENARIO(name)                                                                                            \
    static ::scarce::ending SCARCE_JOIN(scenario_, __LINE__)();                                                   \
    static ::scarce::registered const SCARCE_JOIN(registered_, __LINE__)(name, SCARCE_JOIN(scenario_, __LINE__)); \
    static ::scarce::ending SCARCE_JOIN(scenario_, __LINE__)()
