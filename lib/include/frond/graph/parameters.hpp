// The parameters of a typed node: each names what it depends on by its type, and says how it is taken.
//
//   in<f>, take<f>                  the value of another node; to move from, if nobody else uses it
//   all<f>, all_results<f>          from every child of an expansion, as a list; failures as values
//   each<f>, each_result<f>         the same as a stream, as the children finish; each<f, g>: pairs of one child's values
//   input<"name", T>                from outside; input<"name", T, default> is optional; input<"name", T&> is a reference
//   named<"name", T>                the value of another node, found by name among the modules
//   back<"name", T>, back_result<"name", T>   of an expander: what the node of this name gives in its own children
#pragma once

#include "frond/graph/detail/node_value.hpp"
#include "frond/graph/feedback.hpp"
#include "frond/graph/fixed_string.hpp"
#include "frond/graph/stream.hpp"
#include "frond/graph/values.hpp"

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace frond {

/// The default of an input: a value that may be a template argument, a string literal, or `default_from<f>`.
template <class D>
struct default_value {
    constexpr default_value(D value) noexcept : given(value) {}
    D given;
};
template <std::size_t Size>
struct default_value<fixed_string<Size>> {
    constexpr default_value(char const (&text)[Size]) noexcept : given(text) {}
    fixed_string<Size> given;
};
template <std::size_t Size>
default_value(char const (&)[Size]) -> default_value<fixed_string<Size>>;
template <class T>
default_value(T) -> default_value<T>;

namespace detail {

template <auto F>
struct made_by {};

}  // namespace detail

/// A default that the function F makes, anew for each run. (g++ 12 takes no pointer to a function inside an argument of
/// class type, hence not F itself.)
template <auto F>
inline constexpr detail::made_by<F> default_from;

namespace detail {

struct required {};

/// The identity of a node that is an input, as a type,
template <fixed_string Name, class T, default_value Default>
struct input_node {
    using type = T;
    static constexpr std::string_view name = Name.view();
    static constexpr auto given = Default.given;
    static constexpr bool optional = !std::is_same_v<decltype(given), required const>;
};

/// and of one that has yet to be found.
template <fixed_string Name, class T>
struct named_node {
    using type = T;
    static constexpr std::string_view name = Name.view();
};

template <class T>
struct input_base_of {
    using type = value<T>;
};
template <class T>
struct input_base_of<T&> {
    using type = reference<T>;
};
template <class T>
using input_base = typename input_base_of<T>::type;

template <class... T>
struct joined {
    using type = std::tuple<T...>;
};
template <class T>
struct joined<T> {
    using type = T;
};
template <auto... F>
using joint_value = typename joined<value_of<F>...>::type;

}  // namespace detail

/// The value of another node.
template <auto F>
class in : public value<value_of<F>> {
public:
    using depends_on = detail::types<detail::function_node<F>>;
    using value<value_of<F>>::value;
};

/// The value of a node that has no other consumer: it may be moved from.
template <auto F>
class take : public taken<value_of<F>> {
public:
    using depends_on = detail::types<detail::function_node<F>>;
    using taken<value_of<F>>::taken;
};

/// The values of a node in all children of an expansion, in the order in which these were yielded.
template <auto F>
class all : public list<value_of<F>> {
public:
    using depends_on = detail::types<detail::function_node<F>>;
    using list<value_of<F>>::list;
};

/// The same as results: a child's failure does not fail the run.
template <auto F>
class all_results : public list<result<value_of<F>>> {
public:
    using depends_on = detail::types<detail::function_node<F>>;
    using list<result<value_of<F>>>::list;
};

/// The values of a node in all children of an expansion, as they finish, in bounded memory. Of several nodes of a child
/// at once: tuples.
template <auto... F>
class each : public stream<detail::joint_value<F...>> {
public:
    using depends_on = detail::types<detail::function_node<F>...>;
    using stream<detail::joint_value<F...>>::stream;
};

/// The same as results: a child's failure does not fail the run.
template <auto... F>
class each_result : public stream<result<detail::joint_value<F...>>> {
public:
    using depends_on = detail::types<detail::function_node<F>...>;
    using stream<result<detail::joint_value<F...>>>::stream;
};

/// A value from outside the graph, which a run is given as `arg<"name">(value)`; a `T&` refers to something that outlives
/// the run. With a default it may be left out; all nodes that name it agree on its type and default.
template <fixed_string Name, class T, default_value Default = detail::required{}>
class input : public detail::input_base<T> {
public:
    using depends_on = detail::types<detail::input_node<Name, T, Default>>;
    using detail::input_base<T>::input_base;
};

/// The value of the node of this name among the modules of a plan.
template <fixed_string Name, class T>
class named : public value<T> {
public:
    using depends_on = detail::types<detail::named_node<Name, T>>;
    using value<T>::value;
};

/// Of an expander: the values of the node of this name in the expander's own children, as they finish. It is found by name among
/// the modules and the nodes that are needed anyway, since two functions cannot name each other in their signatures.
template <fixed_string Name, class T>
class back : public feedback<T> {
public:
    using depends_on = detail::types<>;
    using fed_by = detail::types<detail::named_node<Name, T>>;
    using feedback<T>::feedback;
};

/// The same as results, where every collector of the children takes results: a child's failure does not end the run.
template <fixed_string Name, class T>
class back_result : public feedback<result<T>> {
public:
    using depends_on = detail::types<>;
    using fed_by = detail::types<detail::named_node<Name, T>>;
    using feedback<result<T>>::feedback;
};

namespace detail {

/// The nodes, by name, that feed an expander by a parameter: none for all other parameters.
template <class P>
struct feeders_by {
    using type = types<>;
};
template <class P>
    requires requires { typename P::fed_by; }
struct feeders_by<P> {
    using type = typename P::fed_by;
};

/// A parameter of a typed node.
template <class P>
concept dependency = requires {
    typename P::depends_on;
    typename P::parts;
    P::how;
};

}  // namespace detail

}  // namespace frond
