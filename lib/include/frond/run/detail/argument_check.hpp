// Checks the arguments of a run against its plan when it compiles:
// every required input is given, nothing else is, and the types fit.
#pragma once

#include "frond/run/arguments.hpp"
#include "frond/run/detail/prepared_run.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace frond::detail {

/// Nothing is wrong.
struct right_argument {
    static constexpr bool ok = true;
};

/// Fails to compile: an argument that has no place in the plan.
template <class A, argument_kind Kind>
struct unknown_argument {
    static constexpr bool ok = false;
    static_assert(Kind != argument_kind::input, "frond: no wanted node needs an input of this name");
    static_assert(Kind != argument_kind::override_value,
                  "frond: override_with<f> is for a node that the plan's options override: "
                  "options().override_node<f>()");
    static_assert(
        Kind != argument_kind::nothing,
        "frond: this is neither frond::arg<\"name\">(value) nor frond::override_with<f>(value) nor a hook, an "
        "object with a method such as before_task(frond::task_event const&)");
};

/// Fails to compile: a value that does not fit.
template <class Node, class Given, class T = typename facts_of<Node>::value>
struct argument_of_other_type {
    static constexpr bool ok = false;
    static constexpr bool reference = std::is_reference_v<T>;
    // It would convert, were it not for the variable that the run may not move from.
    static constexpr bool kept = std::is_lvalue_reference_v<Given> && facts_of<Node>::kind != node_kind::expander &&
                                 fits<T, std::remove_cvref_t<Given>>;
    static_assert(!reference, "frond: an input of reference type is given an lvalue of that type");
    static_assert(
        reference || !kept,
        "frond: a run copies from an argument that is kept in a variable, and this value cannot be copied: hand "
        "the argument in by std::move");
    static_assert(reference || kept, "frond: this argument does not convert to the type of its input or node");
};

/// Fails to compile: a view of a value that ends before the run.
template <class Node, class Given>
struct argument_that_dangles {
    static constexpr bool ok = false;
    static_assert(
        !std::is_rvalue_reference_v<Given>,
        "frond: this input is a view, and its argument a temporary that it would outlive: hand in an lvalue that "
        "outlives the run, or let the input own its value");
};

/// Fails to compile: a report that would be gone before it is filled in.
template <class A>
struct temporary_report {
    static constexpr bool ok = false;
    static_assert(std::is_lvalue_reference_v<A>, "frond: a run_report outlives its run: hand in an lvalue");
};

/// Fails to compile: a value that is not given, or more than once.
template <class Node, unsigned Given>
struct miscounted_argument {
    static constexpr bool ok = false;
    static constexpr bool is_input = facts_of<Node>::kind == node_kind::input;
    static_assert(Given != 0 || !is_input, "frond: a required input is not given; add frond::arg<\"name\">(value)");
    static_assert(Given != 0 || is_input,
                  "frond: an overridden node is not given its value; add frond::override_with<f>(value)");
    static_assert(Given == 0, "frond: an input or node is given two values");
};

template <class... Verdicts>
struct first_fault {
    using type = right_argument;
};
template <class First, class... Rest>
struct first_fault<First, Rest...> {
    using type = First;
};
template <class... Rest>
struct first_fault<right_argument, Rest...> : first_fault<Rest...> {};

/// Judges the arguments of a run of a plan. A verdict is a type; the code that asks for the verdict instantiates it,
/// which keeps the error message short.
template <class Wiring>
class argument_check {
public:
    /// Whether a run is given the value of a node: the node is an input or overridden, and a wanted node needs it.
    static constexpr std::array<bool, Wiring::size> wants = [] {
        auto const& table = Wiring::table;
        std::array<bool, Wiring::size> needed = table.wanted;
        // Edges are sorted by the node that depends, and that node comes after the nodes that it depends on, but before what
        // feeds it: once, or a few times.
        for (bool again = true; std::exchange(again, false);) {
            for (std::size_t e = table.edges.size(); e-- > 0;) {
                auto const& edge = table.edges[e];
                if (!needed[edge.from] || table.overridden[edge.from] || needed[edge.to]) continue;
                needed[edge.to] = true;
                again = again || feeds_back(edge.how);
            }
        }
        for (std::size_t i = 0; i < Wiring::size; ++i) {
            needed[i] = needed[i] && (table.overridden[i] || table.kinds[i] == node_kind::input);
        }
        return needed;
    }();

    template <class... A>
    static constexpr auto judge() {
        using each = typename first_fault<typename decltype(judge_one<A>())::type...>::type;
        if constexpr (std::is_same_v<each, right_argument>) {
            return judge_counts<A...>(std::make_index_sequence<Wiring::size>());
        } else {
            return std::type_identity<each>();
        }
    }

    template <class... A>
    using verdict = typename decltype(judge<A...>())::type;
    template <class... A>
    static constexpr bool fit = std::is_same_v<verdict<A...>, right_argument>;

private:
    using right = std::type_identity<right_argument>;
    using counts_type = std::array<unsigned, Wiring::size>;

    template <class A>
    static constexpr auto judge_one() {
        using traits = argument_traits<std::remove_cvref_t<A>>;
        using object = typename hook_behind<std::remove_cvref_t<A>>::type;
        if constexpr (!is_value<A> && !methods_are_right<object>(all_moments())) {
            return std::type_identity<wrong_hook<object>>();
        } else if constexpr (is_value<A>) {
            constexpr std::size_t at = traits::template place<Wiring>();
            constexpr bool known = at < Wiring::size && wants[at < Wiring::size ? at : 0];
            if constexpr (known) {
                return judge_type<typename Wiring::template node<at>, given_by<A>>();
            } else {
                return std::type_identity<unknown_argument<A, traits::kind>>();
            }
        } else if constexpr (traits::kind == argument_kind::report) {
            using temporary = std::type_identity<temporary_report<A>>;
            return std::conditional_t<std::is_lvalue_reference_v<A>, right, temporary>();
        } else if constexpr (traits::kind == argument_kind::hook_object) {
            using temporary = std::type_identity<temporary_hook<std::remove_cvref_t<A>>>;
            return std::conditional_t<hook<std::remove_cvref_t<A>> && !std::is_lvalue_reference_v<A>, temporary,
                                      right>();
        } else {
            return std::type_identity<unknown_argument<A, argument_kind::nothing>>();
        }
    }

    template <class Node, class Given>
    static constexpr auto judge_type() {
        using value = typename facts_of<Node>::value;
        using other = std::type_identity<argument_of_other_type<Node, Given>>;
        if constexpr (facts_of<Node>::kind == node_kind::expander) {
            return std::conditional_t<fits_range<value, Given>, right, other>();
        } else if constexpr (fits<value, Given> && views_temporary<value, Given>) {
            return std::type_identity<argument_that_dangles<Node, Given>>();
        } else {
            return std::conditional_t<fits<value, Given>, right, other>();
        }
    }

    template <class A>
    static constexpr void count_one(counts_type& counts) {
        if constexpr (is_value<A>) ++counts[argument_traits<std::remove_cvref_t<A>>::template place<Wiring>()];
    }
    template <class... A>
    static constexpr counts_type counts_of = [] {
        counts_type counts{};
        (count_one<A>(counts), ...);
        return counts;
    }();

    template <std::size_t I, unsigned Count>
    static constexpr auto judge_count() {
        using node = typename Wiring::template node<I>;
        constexpr bool may_lack = !wants[I] || (facts_of<node>::optional && !Wiring::table.overridden[I]);
        if constexpr (Count == 1 || (Count == 0 && may_lack)) {
            return right();
        } else {
            return std::type_identity<miscounted_argument<node, Count>>();
        }
    }
    template <class... A, std::size_t... I>
    static constexpr auto judge_counts(std::index_sequence<I...>) {
        using first = first_fault<typename decltype(judge_count<I, counts_of<A...>[I]>())::type...>;
        return std::type_identity<typename first::type>();
    }
};

}  // namespace frond::detail
