// A run that is ready to begin, as typed plans and named plans make it.
#pragma once

#include "frond/run/hook.hpp"
#include "frond/run/run.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace frond {

/// A run that is ready to begin, and the hooks that it will tell.
struct prepared_run {
    run_handle run;
    std::vector<any_hook> hooks;
    run_report* report = nullptr;
};

namespace detail {

template <class A>
inline constexpr bool is_hook_argument =
    hook<A> || std::is_same_v<A, any_hook> || std::is_same_v<A, std::vector<any_hook>>;
template <class H>
inline constexpr bool is_hook_argument<std::shared_ptr<H>> = hook<H>;

/// The object that an argument hands in as a hook, if it is one.
template <class A>
struct hook_behind {
    using type = A;
};
template <class H>
struct hook_behind<std::shared_ptr<H>> {
    using type = H;
};

/// Fails to compile: an object with a method that is not what its name promises.
template <class H>
struct wrong_hook {
    static constexpr bool ok = (check_methods<H>(all_moments()), false);
};

/// Fails to compile: a hook that would be gone before the run.
template <class H>
struct temporary_hook {
    static constexpr bool ok = false;
    static_assert(!hook<H>, "frond: a hook outlives its run: hand in an lvalue or a std::shared_ptr");
};

/// Adds an argument that is a hook, a shared_ptr to one, an any_hook or a list of these.
template <class A>
void add_hook(std::vector<any_hook>& hooks, A& argument) {
    using type = std::remove_cvref_t<A>;
    if constexpr (std::is_same_v<type, any_hook>) {
        hooks.push_back(argument);
    } else if constexpr (std::is_same_v<type, std::vector<any_hook>>) {
        hooks.insert(hooks.end(), argument.begin(), argument.end());
    } else if constexpr (hook<type>) {
        hooks.emplace_back(argument);
    } else {
        hooks.emplace_back(argument);
    }
}

/// The report that the run fills in. Fault: there is one already.
void set_report(prepared_run& made, run_report& report, std::vector<std::string>& faults);

/// Faults: whatever the hooks have against a run of the plan, and policies that mean nothing.
void check_hooks(std::vector<any_hook> const& hooks, plan const& of, std::vector<std::string>& faults);

}  // namespace detail

}  // namespace frond
