// Finds the feeders of a graph: the nodes that feed expanders, by `back`. Feeders are looked up after the walk from the wanted
// nodes, since no node depends on a feeder: a feeder is inside the expansion of the expander that it feeds.
#pragma once

#include "frond/graph/detail/places.hpp"
#include "frond/graph/detail/walk.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace frond::detail {

/// The feeder, or a `broken`, that a name stands for, among the modules and the nodes found so far.
template <class Context, class Found, class Consumer, class Named>
struct feeder;
template <class... Modules, class Replacements, class... Found, class Consumer, class Named>
struct feeder<context<types<Modules...>, Replacements>, set<Found...>, Consumer, Named>
    : named_result<Consumer, Named, Replacements, typename named_among<set<>, Named, Modules..., Found...>::type> {};

/// Adds the feeders of one node.
template <class Context, class Found, class Consumer, class Feeders>
struct feed_node {
    using type = Found;
};
template <class Context, class... Found, class Consumer, class First, class... Rest>
struct feed_node<Context, set<Found...>, Consumer, types<First, Rest...>>
    : feed_node<Context,
                typename walk_one<Context, set<Found...>, set<>,
                                  typename feeder<Context, set<Found...>, Consumer, First>::type>::type,
                Consumer, types<Rest...>> {};

/// Adds the feeders of several.
template <class Context, class Found, class Fed>
struct feed_nodes {
    using type = Found;
};
template <class Context, class Found, class First, class... Rest>
struct feed_nodes<Context, Found, types<First, Rest...>>
    : feed_nodes<Context, typename feed_node<Context, Found, First, feeders_of<First>>::type, types<Rest...>> {};

/// The nodes that are fed, which are few. Without recursion over all nodes, which may be many.
template <class... Nodes>
struct fed_among {
    static constexpr bool fed[] = {false, (count_of(feeders_of<Nodes>()) != 0)...};
    static constexpr std::size_t count = [] {
        std::size_t sum = 0;
        for (bool const each : fed) sum += each ? 1 : 0;
        return sum;
    }();
    static constexpr std::array<std::size_t, count> at = [] {
        std::array<std::size_t, count> made{};
        std::size_t end = 0;
        for (std::size_t i = 0; i < sizeof...(Nodes); ++i) {
            if (fed[i + 1]) made[end++] = i;
        }
        return made;
    }();
    template <std::size_t... I>
    static constexpr auto pick(std::index_sequence<I...>) {
        using map = places<std::index_sequence_for<Nodes...>, Nodes...>;
        return types<typename decltype(node_at<at[I]>(static_cast<map const*>(nullptr)))::type...>();
    }
    using type = decltype(pick(std::make_index_sequence<count>()));
};

/// Repeats the look for feeders until a pass finds no further node: a feeder may need another expander that is fed.
template <class Context, class Before, class Found>
struct feed_again;
template <class Context, class Found>
struct feed_again<Context, Found, Found> {
    using type = Found;
};

/// The nodes that a walk has found, the feeders of the expanders among them, and the nodes that these feeders need.
template <class Context, class Found>
struct with_feeders {
    using type = Found;
};
template <class Context, class... Nodes>
    requires(fed_among<Nodes...>::count != 0)
struct with_feeders<Context, set<Nodes...>>
    : feed_again<Context, set<Nodes...>,
                 typename feed_nodes<Context, set<Nodes...>, typename fed_among<Nodes...>::type>::type> {};

template <class Context, class Before, class Found>
struct feed_again : with_feeders<Context, Found> {};

}  // namespace frond::detail
