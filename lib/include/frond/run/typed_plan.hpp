// The plan of a typed graph: `auto plan = frond::plan_for<total>(options);`, made once, run many times at once.
#pragma once

#include "frond/plan/plan.hpp"
#include "frond/plan/typed_options.hpp"
#include "frond/run/arguments.hpp"
#include "frond/run/detail/argument_check.hpp"
#include "frond/run/detail/prepared_run.hpp"
#include "frond/run/results.hpp"
#include "frond/run/run.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

/// A plan of a typed graph, and the place of each input among the plan's inputs.
struct made_plan {
    std::shared_ptr<frond::plan const> plan;
    std::vector<std::size_t> input_of;  // by place in the wiring; `nowhere` if the node is no input
};

/// Compiles a plan. Errors: those of graph::make and plan::make, std::bad_alloc among them; nothing is thrown.
result<made_plan> make_typed_plan(typed_table const& graph, plan_options asked) noexcept;

}  // namespace detail

/// Immutable and cheap to copy. Wrong wiring does not compile. `failure` names the faults that only the whole graph or
/// the options show, and so does every run.
/// Thread: any, at once.
template <class Modules, class Options, auto... Wanted>
class typed_plan;

template <class Modules, class Replacements, class... Overridden, auto... Wanted>
class typed_plan<Modules, basic_options<Replacements, detail::types<Overridden...>>, Wanted...> {
    using wiring =
        typename detail::wiring_for<modules<Wanted...>, Modules, Replacements, detail::types<Overridden...>>::type;
    using outcome = std::conditional_t<wiring::right, detail::outcome_of<Wanted...>, detail::no_outcome>;

public:
    static_assert(sizeof...(Wanted) != 0, "frond: a plan names the nodes whose values are wanted: plan_for<f>()");

    // Here, where the context of the message is short.
    static_assert(wiring::right || !wiring::judged::ok);

    /// The output of a run: the value of the one wanted node, or `results_of` several.
    using output = typename outcome::type;

    explicit typed_plan(basic_options<Replacements, detail::types<Overridden...>> const& asked)
        : made_(std::make_shared<result<detail::made_plan> const>(make(asked))) {}

    /// The plan itself. Requires: no failure.
    std::shared_ptr<plan const> const& get() const noexcept { return made_->assume_value().plan; }
    /// Why there is no plan; null if there is one.
    error const* failure() const noexcept { return made_->has_error() ? &made_->assume_error() : nullptr; }
    explicit operator bool() const noexcept { return failure() == nullptr; }

    /// Prepares a run: moves the values of its inputs into it. Arguments are `arg<"name">(value)` for the inputs,
    /// `override_with<f>(value)` for the overridden nodes, and hooks: lvalues or shared_ptrs.
    /// Errors: those of the plan; invalid_arguments, whose message lists every fault that the compiler cannot see; an
    /// exception while a value is moved. Nothing is thrown.
    template <class... A>
    result<prepared_run> prepare(A&&... arguments) const noexcept {
        if constexpr (!wiring::right) {
            return error(errc::invalid_graph);
        } else if constexpr (!detail::argument_check<wiring>::template fit<A...>) {
            static_assert(!detail::argument_check<wiring>::template verdict<A...>::ok);  // the message says why
            return error(errc::invalid_arguments);
        } else {
            if (failure() != nullptr) return *failure();
            try {
                prepared_run made;
                std::vector<std::string> faults;
                (take_for_run(made, faults, arguments), ...);
                detail::check_hooks(made.hooks, *get(), faults);
                auto run = prepare_all(faults, std::array<run_argument, 0>(), std::forward<A>(arguments)...);
                if (!run) return std::move(run).assume_error();
                made.run = std::move(run).assume_value();
                return made;
            } catch (...) {
                return error::from_exception(std::current_exception());
            }
        }
    }

    /// The output, moved out of an ended run, or the run's failure. An exception while it is moved is a failure, too.
    static result<output> take(run_outcome& ended) noexcept {
        try {
            return outcome::take(ended);
        } catch (...) {
            return detail::failed<output>(error::from_exception(std::current_exception()));
        }
    }

    /// Runs the plan: `async_run(arguments..., hooks..., token)` completes with `void(result<output>)`. Defined in
    /// frond/asio/run.hpp.
    template <class... A>
    auto async_run(A&&... arguments_and_token) const;

private:
    static result<detail::made_plan> make(basic_options<Replacements, detail::types<Overridden...>> const& asked) {
        if constexpr (wiring::right) {
            detail::typed_table const table{wiring::facts, wiring::table.names, wiring::table.edges};
            auto named = detail::name_options(asked.data(), table, replaced_names(Replacements()));
            named.wanted = {std::string(name_of<detail::function_node<Wanted>>())...};
            named.overridden = {std::string(name_of<Overridden>())...};
            return detail::make_typed_plan(table, std::move(named));
        } else {
            return error(errc::invalid_graph);
        }
    }

    template <class Node>
    static std::string_view name_of() {
        return wiring::table.names[wiring::template place_of<Node>()];
    }
    template <auto... F, auto... Other>
    static std::vector<detail::replaced_name> replaced_names(
        detail::types<detail::replaced<detail::function_node<F>, detail::function_node<Other>>...>) {
        return {{detail::qualified_name<F>, detail::qualified_name<Other>}...};
    }

    /// Makes the values one after the other on the stack, then prepares the run with them.
    template <std::size_t Count>
    result<run_handle> prepare_all(std::vector<std::string>& faults,
                                   std::array<run_argument, Count> const& values) const {
        return prepare_run(get(), values, std::move(faults));
    }
    template <std::size_t Count, class First, class... Rest>
    result<run_handle> prepare_all(std::vector<std::string>& faults, std::array<run_argument, Count> const& values,
                                   First&& first, Rest&&... rest) const {
        if constexpr (!detail::is_value<First>) {
            return prepare_all(faults, values, std::forward<Rest>(rest)...);
        } else {
            constexpr std::size_t at = detail::argument_traits<std::remove_cvref_t<First>>::template place<wiring>();
            detail::made_for<typename wiring::template node<at>, detail::given_by<First>> value(
                std::forward<First>(first).take());
            std::array<run_argument, Count + 1> more;
            std::copy(values.begin(), values.end(), more.begin());
            more[Count] = {made_->assume_value().input_of[at], value.address()};
            return prepare_all(faults, more, std::forward<Rest>(rest)...);
        }
    }

    template <class A>
    static void take_for_run(prepared_run& made, std::vector<std::string>& faults, A& argument) {
        if constexpr (detail::kind_of<A> == detail::argument_kind::hook_object) detail::add_hook(made.hooks, argument);
        if constexpr (detail::kind_of<A> == detail::argument_kind::report) detail::set_report(made, argument, faults);
    }

    std::shared_ptr<result<detail::made_plan> const> made_;
};

/// The plan of everything that the wanted nodes need.
template <auto... Wanted, class Replacements = detail::types<>, class Overridden = detail::types<>>
auto plan_for(basic_options<Replacements, Overridden> const& asked = {}) {
    return typed_plan<modules<>, basic_options<Replacements, Overridden>, Wanted...>(asked);
}

/// As above, with modules in which `named` parameters are looked up.
template <class Modules, auto... Wanted, class Replacements = detail::types<>, class Overridden = detail::types<>>
    requires(!std::is_reference_v<Modules>)
auto plan_for(basic_options<Replacements, Overridden> const& asked = {}) {
    return typed_plan<Modules, basic_options<Replacements, Overridden>, Wanted...>(asked);
}

}  // namespace frond
