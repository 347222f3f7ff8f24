// A run that is ready to begin, as typed plans and named plans make it.
#pragma once

#include "frond/run/hook.hpp"
#include "frond/run/run.hpp"

#include <memory>
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

}  // namespace detail

}  // namespace frond
