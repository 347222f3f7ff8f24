// What a function must be, by itself, to be a node; and the type of its value.
//
// The first parameter that names a function checks it, so that the sentence about it comes before all errors that follow from
// it. Where a function is wanted, the walk over the graph checks it.
#pragma once

#include "frond/graph/detail/signature.hpp"
#include "frond/graph/node_name.hpp"
#include "frond/graph/wiring_rules.hpp"

#include <type_traits>

namespace frond {

namespace detail {

/// The identity of a node that is a function, as a type.
template <auto F>
struct function_node {};

/// What is wrong with a function as a node, but for its parameters and its name.
template <class Function>
constexpr rule rule_broken_by() {
    using returned = typename signature<Function>::returned;
    using value = typename node_return<returned>::value;
    if (!signature<Function>::known) return rule::no_function;
    if (foreign_coroutine<value>) return rule::foreign_coroutine;
    if (expands<returned> && is_result<value>::value) return rule::yields_results;
    return good_return<returned> ? rule::none : rule::returns_no_value;
}

/// The value of a function as a node; of what is no node something that is as harmless as can be.
template <auto F>
struct node_value {
    using type = std::remove_reference_t<typename node_return<typename signature<decltype(F)>::returned>::value>;
};

/// The same, which does not compile for what is no node.
template <auto F, rule Broken = rule_broken_by<decltype(F)>()>
struct checked_value : node_value<F> {
    static_assert(!refused_graph<Broken, function_node<F>>::ok);  // the message says why
};
template <auto F>
struct checked_value<F, rule::none> : node_value<F> {};

}  // namespace detail

/// The type of a node's value; of what it yields, for an expander.
template <auto F>
using value_of = typename detail::checked_value<F>::type;

}  // namespace frond
