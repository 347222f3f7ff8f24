// The rules that a typed graph keeps, each with the message of the compiler error for a graph that breaks it. The error's
// context names the nodes: `refused_graph<rule, nodes...>`.
#pragma once

#include <cstdint>

namespace frond::detail {

enum class rule : std::uint8_t {
    none,  // everything is right

    // one function by itself
    no_function,        // (what stands in a node's place)
    foreign_coroutine,  // (node)
    yields_results,     // (node)
    returns_no_value,   // (node)
    not_a_dependency,   // (node, type of the parameter)
    by_reference,       // (node, type of the parameter)
    needs_name,         // (node)
    fed_back,           // (node)

    // finding what is depended on
    unknown_name,         // (who asks, what for)
    ambiguous_name,       // (who asks, what for)
    name_of_other_type,   // (what is asked for, what was found)
    cycle,                // (the path, with its first node again at the end)
    duplicate_name,       // (node, other node)
    input_conflict,       // (input, other input)
    unusable_default,     // (input)
    unknown_override,     // (node)
    unknown_replacement,  // (node, the one in its place)
    too_deep,             // (node)

    // shapes
    collects_unexpanded,  // (collector, what it collects)
    joint_of_two,         // (collector, what it collects, the other)
    two_expansions,       // (node, what it depends on, the other)
    own_collector,        // (node, the collector, the expander)
    two_streams,          // (node, what it streams, the other)
    standstill,           // (what streams, what it waits for, what that waits for, ..., the expander)
    stream_elsewhere,     // (node, what it streams, the expander that it is inside)
    feeder_elsewhere,     // (the expander, the node that feeds it)
    wanted_inside,        // (node, the expander)
    overridden_inside,    // (node, the expander)

    // values
    take_shared,         // (who takes, what, the other consumer)
    take_from_outside,   // (who takes, what)
    collects_view,       // (collector, what it collects)
    collects_immovable,  // (collector, what it collects)
    copies_uncopyable,   // (what is collected, a collector, the other)
    wants_view,          // (node)
    wants_immovable,     // (node)
};

/// Fails to compile. Nodes are types: function_node<f>, input_node<"name", T, default>.
template <rule Broken, class... Nodes>
struct refused_graph {
    static constexpr bool ok = false;

    static_assert(Broken != rule::no_function,
                  "frond: a node is a function with a name and a fixed number of parameters; a lambda, a member "
                  "function, an object with operator() or a C-style variadic function is none: write a function, and "
                  "hand in objects by input<\"name\", T&>");
    static_assert(Broken != rule::foreign_coroutine,
                  "frond: this node returns a coroutine or an awaitable that frond does not know, and would never run "
                  "it: #include <frond/asio.hpp> for asio::awaitable, else return frond::async<T> or specialise "
                  "frond::node_return");
    static_assert(Broken != rule::yields_results,
                  "frond: an expander yields values, not results: yield what a result is made from, and let a node of "
                  "the child return the frond::result<T>, which each_result<f> and all_results<f> collect");
    static_assert(Broken != rule::not_a_dependency,
                  "frond: a parameter of this node is no dependency; write in<f>, take<f>, each<f>, all<f>, "
                  "each_result<f>, all_results<f>, input<\"name\", T>, named<\"name\", T>, or, in an expander, "
                  "back<\"name\", T> or back_result<\"name\", T>");
    static_assert(Broken != rule::by_reference,
                  "frond: a node takes its dependencies by value: in<f>, not in<f> const&");
    static_assert(Broken != rule::returns_no_value,
                  "frond: a node returns, by value, a T, void, result<T>, async<T>, async<result<T>>, expander<T> or "
                  "expand<Range>");
    static_assert(Broken != rule::needs_name,
                  "frond: an instance of a function template needs a name: specialise frond::node_name<f>");
    static_assert(Broken != rule::fed_back,
                  "frond: back<> and back_result<> give what an expander's own children have made, so only an expander "
                  "that is a coroutine, frond::expander<T>, has them");

    static_assert(Broken != rule::unknown_name,
                  "frond: named<> or back<> finds no node of that name; list its function in modules<...>");
    static_assert(Broken != rule::ambiguous_name,
                  "frond: named<> or back<> finds two nodes of that name; qualify it with the namespace");
    static_assert(Broken != rule::name_of_other_type,
                  "frond: named<> or back<> finds a node whose value has another type");
    static_assert(Broken != rule::cycle, "frond: these nodes depend on one another in a cycle");
    static_assert(Broken != rule::duplicate_name,
                  "frond: two nodes have the same name; give one of them another by frond::node_name<f>");
    static_assert(Broken != rule::input_conflict, "frond: one input is declared with two types or two defaults");
    static_assert(Broken != rule::unusable_default,
                  "frond: the default of this input does not make a value of its type; a reference has none");
    static_assert(Broken != rule::unknown_override,
                  "frond: this node is overridden, but nothing that is wanted needs it");

    static_assert(Broken != rule::unknown_replacement, "frond: replace<f, g>: nothing that is wanted needs this f");
    static_assert(
        Broken != rule::too_deep,
        "frond: a typed graph has at most 200 nodes that each need the next one; put the longer part together "
        "by graph_builder, or merge nodes");

    static_assert(Broken != rule::collects_unexpanded,
                  "frond: a node collects another that is not inside any expansion; take it with in<f>");
    static_assert(Broken != rule::joint_of_two,
                  "frond: each<f, g> joins the values of one child, but these are not of the same expansion");
    static_assert(
        Broken != rule::two_expansions,
        "frond: a node is reached from two expansions of which neither encloses the other; collect one of them");
    static_assert(Broken != rule::own_collector,
                  "frond: a node inside an expansion depends on a collector of the same expansion and would wait for "
                  "itself; expand again instead");
    static_assert(Broken != rule::two_streams,
                  "frond: two separate streams of one expansion in one node can wait for each other for ever; take one "
                  "joint stream, each<f, g>, or lists, all<f>");
    static_assert(
        Broken != rule::standstill,
        "frond: a node streams the children of an expansion and waits for what cannot end before it has read "
        "them (each of these nodes waits for the next, the last for the first): neither would ever go on; take "
        "one joint stream, each<f, g>, or a list, all<f>, which holds what any order of reading would have to "
        "hold");
    static_assert(Broken != rule::stream_elsewhere,
                  "frond: a stream is read once, but this node is inside another expansion and runs for each of its "
                  "children; collect it outside, or as a list, all<f>");
    static_assert(Broken != rule::feeder_elsewhere,
                  "frond: back<> names a node that is not inside this expander's own expansion, or is inside a further "
                  "one; what feeds an expander is made once for each of its children: it takes in<f> of the expander, "
                  "or of another node that does");
    static_assert(
        Broken != rule::wanted_inside,
        "frond: this node is inside an expansion and has a value for each child; ask for a node that collects "
        "it with each<f> or all<f>");
    static_assert(
        Broken != rule::overridden_inside,
        "frond: this node is inside an expansion, where nothing can be overridden; override the expander or a "
        "collector");

    static_assert(Broken != rule::take_shared,
                  "frond: take<f> moves a value away that has another consumer; use in<f>");
    static_assert(Broken != rule::take_from_outside,
                  "frond: take<f> moves a value away that all children of an expansion share; use in<f>");
    static_assert(Broken != rule::collects_view,
                  "frond: a collected value must own what it holds, not view it in its child: no string_view, span or "
                  "pointer");
    static_assert(Broken != rule::collects_immovable, "frond: a collected value must be movable");
    static_assert(Broken != rule::copies_uncopyable,
                  "frond: two collections take the same value, which cannot be copied; collect it once");
    static_assert(Broken != rule::wants_view,
                  "frond: a wanted value must own what it holds, since the values that it could view end with the run: "
                  "no string_view, span, pointer or iterator; return a copy, or specialise frond::is_view for a type "
                  "that views nothing of a run");
    static_assert(Broken != rule::wants_immovable,
                  "frond: a wanted value is moved out of its run, and this one cannot be moved; return a "
                  "std::unique_ptr");
};

template <class... Nodes>
struct refused_graph<rule::none, Nodes...> {
    static constexpr bool ok = true;
};

}  // namespace frond::detail
