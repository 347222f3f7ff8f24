// Finds all nodes behind the wanted ones, each once, dependencies first. Nodes are types, so their identity needs no
// addresses.
//
// The set of nodes found so far is passed along, which makes the walk linear in dependencies. The first fault ends it: the
// set is then a `broken`.
#pragma once

#include "frond/graph/detail/typed_node.hpp"
#include "frond/graph/wiring_rules.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace frond {

/// Functions that `named` parameters are looked up in, besides the wanted ones.
template <auto... F>
struct modules {};

namespace detail {

template <class... Nodes>
struct set : std::type_identity<Nodes>... {};

/// A walk that met a fault.
template <rule Broken, class... Nodes>
struct broken {};

template <class Set, class Node>
inline constexpr bool contains = std::is_base_of_v<std::type_identity<Node>, Set>;

template <class... Nodes>
constexpr std::size_t count_of(set<Nodes...> const*) {
    return sizeof...(Nodes);
}

template <class Set, class Node>
struct add_to;
template <class... Nodes, class Node>
struct add_to<set<Nodes...>, Node> {
    using type = set<Nodes..., Node>;
};
template <rule Broken, class... Nodes, class Node>
struct add_to<broken<Broken, Nodes...>, Node> {
    using type = broken<Broken, Nodes...>;
};

// ---- what a dependency stands for

/// One function in another's place.
template <class Node, class Other>
struct replaced {};

template <class Replacements, class Node>
struct replacement {
    using type = Node;
};
template <class Node, class Other, class... Rest>
struct replacement<types<replaced<Node, Other>, Rest...>, Node> {
    using type = Other;
};
template <class First, class... Rest, class Node>
struct replacement<types<First, Rest...>, Node> : replacement<types<Rest...>, Node> {};

/// Where names are looked up and what is replaced.
template <class Modules, class Replacements>
struct context;

template <class Node>
struct answers {
    static constexpr bool to(std::string_view) { return false; }
};
template <auto F>
struct answers<function_node<F>> {
    static constexpr bool to(std::string_view name) { return name == short_name<F> || name == qualified_name<F>; }
};

/// Those of `Nodes` that have a name.
template <class Found, class Named, class... Nodes>
struct named_among {
    using type = Found;
};
template <class... Found, class Named, class First, class... Rest>
struct named_among<set<Found...>, Named, First, Rest...>
    : named_among<std::conditional_t<answers<First>::to(Named::name) && !contains<set<Found...>, First>,
                                     set<Found..., First>, set<Found...>>,
                  Named, Rest...> {};

template <class Consumer, class Named, class Replacements, class Found>
struct named_result;
template <class Consumer, class Named, class Replacements, class... Found>
struct named_result<Consumer, Named, Replacements, set<Found...>> {
    using type = broken<rule::ambiguous_name, Consumer, Named, Found...>;
};
template <class Consumer, class Named, class Replacements>
struct named_result<Consumer, Named, Replacements, set<>> {
    using type = broken<rule::unknown_name, Consumer, Named>;
};
template <class Consumer, class Named, class Replacements, auto F>
struct named_result<Consumer, Named, Replacements, set<function_node<F>>> {
    using type = std::conditional_t<std::is_same_v<typename Named::type, value_of<F>>,
                                    typename replacement<Replacements, function_node<F>>::type,
                                    broken<rule::name_of_other_type, Named, function_node<F>>>;
};

/// The node, or a `broken`, that a dependency stands for.
template <class Context, class Consumer, class Node>
struct resolved {
    using type = Node;
};
template <class Modules, class Replacements, class Consumer, auto F>
struct resolved<context<Modules, Replacements>, Consumer, function_node<F>>
    : replacement<Replacements, function_node<F>> {};
template <class... Modules, class Replacements, class Consumer, fixed_string Name, class T>
struct resolved<context<types<Modules...>, Replacements>, Consumer, named_node<Name, T>>
    : named_result<Consumer, named_node<Name, T>, Replacements,
                   typename named_among<set<>, named_node<Name, T>, Modules...>::type> {};

// ---- faults of one node by itself

template <class Node, class... P>
struct parameter_fault;
template <class Node, class First, class... Rest>
struct parameter_fault<Node, First, Rest...> {
    using here = std::conditional_t<dependency<std::remove_cvref_t<First>>, broken<rule::by_reference, Node, First>,
                                    broken<rule::not_a_dependency, Node, First>>;
    using type =
        typename std::conditional_t<dependency<First>, parameter_fault<Node, Rest...>, std::type_identity<here>>::type;
};
template <class Node>
struct parameter_fault<Node> {};

template <class... Lists>
struct joined_types {
    using type = types<>;
};
template <class... T>
struct joined_types<types<T...>> {
    using type = types<T...>;
};
template <class... A, class... B, class... Rest>
struct joined_types<types<A...>, types<B...>, Rest...> : joined_types<types<A..., B...>, Rest...> {};

/// What a node depends on, in the order of its parameters; or a `broken`.
template <class Node, class Parameters = typename facts_of<Node>::parameters>
struct dependencies;
template <class Node, class... P>
    requires(dependency<P> && ...)
struct dependencies<Node, types<P...>> {
    using type = typename joined_types<typename P::depends_on...>::type;
};
template <class Node, class... P>
struct dependencies<Node, types<P...>> : parameter_fault<Node, P...> {};

template <class Parameters>
struct feeders_in;
template <class... P>
struct feeders_in<types<P...>> : joined_types<typename feeders_by<P>::type...> {};
/// The nodes that feed a node, by name.
template <class Node>
using feeders_of = typename feeders_in<typename facts_of<Node>::parameters>::type;

template <class Node>
struct own_fault {
    using type = void;
};
template <auto F>
struct own_fault<function_node<F>> {
    using node = function_node<F>;
    using returned = typename signature<decltype(F)>::returned;
    static constexpr rule broken_rule = [] {
        constexpr rule by_type = rule_broken_by<decltype(F)>();
        if (by_type != rule::none) return by_type;
        if (lacks_name<F>) return rule::needs_name;
        bool const fed = count_of(feeders_of<node>()) != 0;
        return fed && node_return<returned>::form != return_form::expander ? rule::fed_back : rule::none;
    }();
    using type = std::conditional_t<broken_rule != rule::none, broken<broken_rule, node>, void>;
};
template <fixed_string Name, class T, default_value Default>
struct own_fault<input_node<Name, T, Default>> {
    using type = std::conditional_t<default_fits<input_node<Name, T, Default>>, void,
                                    broken<rule::unusable_default, input_node<Name, T, Default>>>;
};

// ---- the walk

/// The part of a path that begins with a node.
template <class Node, class... Path>
struct cycle_from;
template <class Node, class First, class... Rest>
struct cycle_from<Node, First, Rest...> : cycle_from<Node, Rest...> {};
template <class Node, class... Rest>
struct cycle_from<Node, Node, Rest...> {
    using type = broken<rule::cycle, Node, Rest..., Node>;
};

template <class Context, class Found, class Path, class Consumer, class Nodes>
struct walk_all;

/// What a walk meets at a dependency.
enum class visit : std::uint8_t {
    known,  // a node that was found before
    again,  // a node on the path that leads here
    fresh,  // another node
    deep,   // another node, further down than compilers go
    fault,  // nothing that could be resolved
};

/// By default g++ nests templates 900 deep, clang 1024, and each node on a path takes four levels.
inline constexpr std::size_t most_nodes_in_chain = 200;

template <class Found, class Path, class Node>
inline constexpr visit visit_of = contains<Found, Node>                                                ? visit::known
                                  : contains<Path, Node>                                               ? visit::again
                                  : count_of(static_cast<Path const*>(nullptr)) >= most_nodes_in_chain ? visit::deep
                                                                                                       : visit::fresh;
template <class Found, class Path, rule Broken, class... Nodes>
inline constexpr visit visit_of<Found, Path, broken<Broken, Nodes...>> = visit::fault;

template <class Context, class Found, class Path, class Node, visit = visit_of<Found, Path, Node>>
struct walk_one {
    using type = Found;
};
template <class Context, class Found, class... Path, class Node>
struct walk_one<Context, Found, set<Path...>, Node, visit::again> : cycle_from<Node, Path...> {};
template <class Context, class Found, class... Path, class Node>
struct walk_one<Context, Found, set<Path...>, Node, visit::fresh> {
    template <class Fault>
    struct after : std::type_identity<Fault> {};
    template <class Fault>
        requires std::is_void_v<Fault>
    struct after<Fault>
        : add_to<typename walk_all<Context, Found, set<Path..., Node>, Node, typename dependencies<Node>::type>::type,
                 Node> {};
    using type = typename after<typename own_fault<Node>::type>::type;
};
template <class Context, class Found, class Path, class Node>
struct walk_one<Context, Found, Path, Node, visit::deep> {
    using type = broken<rule::too_deep, Node>;
};
template <class Context, class Found, class Path, class Fault>
struct walk_one<Context, Found, Path, Fault, visit::fault> {
    using type = Fault;
};

template <class Context, class Found, class Path, class Consumer>
struct walk_all<Context, Found, Path, Consumer, types<>> {
    using type = Found;
};
template <class Context, class... Found, class Path, class Consumer, class First, class... Rest>
struct walk_all<Context, set<Found...>, Path, Consumer, types<First, Rest...>>
    : walk_all<Context,
               typename walk_one<Context, set<Found...>, Path, typename resolved<Context, Consumer, First>::type>::type,
               Path, Consumer, types<Rest...>> {};
template <class Context, rule Broken, class... Nodes, class Path, class Consumer, class First, class... Rest>
struct walk_all<Context, broken<Broken, Nodes...>, Path, Consumer, types<First, Rest...>> {
    using type = broken<Broken, Nodes...>;
};
/// A node whose parameters are at fault.
template <class Context, class Found, class Path, class Consumer, rule Broken, class... Nodes>
struct walk_all<Context, Found, Path, Consumer, broken<Broken, Nodes...>> {
    using type = broken<Broken, Nodes...>;
};

}  // namespace detail

}  // namespace frond
