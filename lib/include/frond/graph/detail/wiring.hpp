// The wiring of a typed graph: its nodes and dependencies, found and checked while it compiles.
#pragma once

#include "frond/base/detail/is_view.hpp"
#include "frond/graph/detail/feeders.hpp"
#include "frond/graph/detail/places.hpp"
#include "frond/graph/detail/wiring_check.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

template <rule Broken, class... Nodes>
constexpr std::type_identity<refused_graph<Broken, Nodes...>> refused_for(types<Nodes...>) {
    return {};
}

/// The first replacement whose second function is not in the graph: nothing asks for the first one.
template <class Found, class Context>
struct unused_replacement {
    using type = types<>;
};
template <class Found, class Modules, class Node, class Other, class... Rest>
struct unused_replacement<Found, context<Modules, types<replaced<Node, Other>, Rest...>>>
    : std::conditional_t<contains<Found, Other>, unused_replacement<Found, context<Modules, types<Rest...>>>,
                         std::type_identity<types<Node, Other>>> {};

/// The graph behind some wanted nodes.
template <class Context, class Found, class Wanted, class Overridden>
struct wiring;

/// One that is at fault: it says so once, and has nothing that could be asked further.
template <class Context, rule Broken, class... Nodes, class Wanted, class Overridden>
struct wiring<Context, broken<Broken, Nodes...>, Wanted, Overridden> {
    using judged = refused_graph<Broken, Nodes...>;
    static constexpr bool right = false;
};

template <class Context, class... Nodes, class... Wanted, class... Overridden>
struct wiring<Context, set<Nodes...>, types<Wanted...>, types<Overridden...>> {
    using map = places<std::index_sequence_for<Nodes...>, Nodes...>;
    static constexpr std::size_t size = sizeof...(Nodes);

    /// The place of a node; `size` for one that is not in the graph.
    template <class Node>
    static constexpr std::size_t place_of() {
        using here = typename resolved<Context, void, Node>::type;
        if constexpr (contains<set<Nodes...>, here>) {
            return decltype(place_in<here>(static_cast<map const*>(nullptr)))::value;
        } else {
            return size;
        }
    }
    template <std::size_t I>
    using node = typename decltype(node_at<I>(static_cast<map const*>(nullptr)))::type;

    static constexpr std::array<node_facts const*, size> facts{&facts_of<Nodes>::facts...};

private:
    // Arrays in the place of folds over all nodes: clang nests folds, and 256 times at most.
    static constexpr std::size_t edge_count = [] {
        std::size_t const counts[] = {
            0, (count_of(typename dependencies<Nodes>::type()) + count_of(feeders_of<Nodes>()))...};
        std::size_t sum = 0;
        for (std::size_t const count : counts) sum += count;
        return sum;
    }();
    using table_type = graph_table<size, edge_count>;

    template <class P, class Target>
    static constexpr dependency_edge edge(std::size_t from, std::size_t parameter) {
        using value = typename facts_of<Target>::value;
        dependency_edge made;
        made.from = from;
        made.parameter = parameter;
        made.to = decltype(place_in<Target>(static_cast<map const*>(nullptr)))::value;
        made.how = P::how;
        if constexpr (collects(P::how) || feeds_back(P::how)) {
            made.view = is_view<value>;
            made.movable = std::is_move_constructible_v<value>;
            made.copyable = std::is_copy_constructible_v<value>;
        }
        return made;
    }
    template <class Consumer, class P, class... On>
    static constexpr void add_edges(table_type& to, std::size_t& end, [[maybe_unused]] std::size_t from,
                                    [[maybe_unused]] std::size_t parameter, types<On...>) {
        ((to.edges[end++] = edge<P, typename resolved<Context, Consumer, On>::type>(from, parameter)), ...);
    }
    template <class Consumer, class P, class... By>
    static constexpr void add_feeders(table_type& to, std::size_t& end, [[maybe_unused]] std::size_t from,
                                      [[maybe_unused]] std::size_t parameter, types<By...>) {
        ((to.edges[end++] = edge<P, typename feeder<Context, set<Nodes...>, Consumer, By>::type>(from, parameter)),
         ...);
    }
    template <class Consumer, class... P>
    static constexpr void add_node(table_type& to, std::size_t& end, [[maybe_unused]] std::size_t from, types<P...>) {
        std::size_t parameter = 0;
        ((add_edges<Consumer, P>(to, end, from, parameter, typename P::depends_on()),
          add_feeders<Consumer, P>(to, end, from, parameter, typename feeders_by<P>::type()), ++parameter),
         ...);
    }

    template <class Node>
    static constexpr void add_wanted(table_type& to, std::size_t at) {
        using value = typename facts_of<Node>::value;
        to.wanted[at] = true;
        to.views[at] = is_view<value>;
        to.immovable[at] = !std::is_move_constructible_v<value>;
    }

    static constexpr table_type make_table() {
        table_type made;
        for (std::size_t i = 0; i < size; ++i) {
            made.kinds[i] = facts[i]->kind;
            made.names[i] = facts[i]->name;
        }
        for (auto const& [a, b] : equal_names(made.names)) {
            made.names[a] = facts[a]->qualified;
            made.names[b] = facts[b]->qualified;
        }
        std::size_t end = 0;
        std::size_t from = 0;
        bool const added[] = {true,
                              (add_node<Nodes>(made, end, from++, typename facts_of<Nodes>::parameters()), true)...};
        static_cast<void>(added);
        (add_wanted<typename resolved<Context, void, Wanted>::type>(made, place_of<Wanted>()), ...);
        ((place_of<Overridden>() < size ? void(made.overridden[place_of<Overridden>()] = true) : void()), ...);
        return made;
    }

public:
    static constexpr table_type table = make_table();

private:
    static constexpr verdict fault = wiring_check<size, edge_count>(table).find();

    // The verdict as a type. It is not instantiated here, where the context of its message would list the whole graph.
    template <std::size_t I>
    static constexpr auto in_message() {
        if constexpr (I == nowhere) {
            return types<>();
        } else {
            return types<node<I>>();
        }
    }
    template <std::size_t... I>
    static constexpr auto judge(std::index_sequence<I...>) {
        using strangers = typename joined_types<
            std::conditional_t<place_of<Overridden>() < size, types<>, types<Overridden>>...>::type;
        using unused = typename unused_replacement<set<Nodes...>, Context>::type;
        if constexpr (count_of(strangers()) != 0) {
            return refused_for<rule::unknown_override>(strangers());
        } else if constexpr (count_of(unused()) != 0) {
            return refused_for<rule::unknown_replacement>(unused());
        } else {
            return refused_for<fault.broken>(typename joined_types<decltype(in_message<fault.nodes[I]>())...>::type());
        }
    }

public:
    using judged = typename decltype(judge(std::make_index_sequence<verdict::most_nodes>()))::type;
    static constexpr bool right = std::is_same_v<judged, refused_graph<rule::none>>;
};

}  // namespace detail

}  // namespace frond
