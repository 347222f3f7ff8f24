// From functions to a graph: `graph_of<total>()` is the graph of everything that `total` needs.
#pragma once

#include "frond/graph/detail/wiring.hpp"
#include "frond/graph/graph.hpp"

#include <span>
#include <vector>

namespace frond {

namespace detail {

/// A typed graph at run time.
struct typed_table {
    std::span<node_facts const* const> facts;
    std::span<std::string_view const> names;
    std::span<dependency_edge const> edges;
};

/// The nodes as `graph::make` takes them.
std::vector<node> make_nodes(typed_table const& from);

template <class Wanted, class Modules, class Replacements, class Overridden>
struct wiring_for;
template <auto... Wanted, auto... Modules, class Replacements, class Overridden>
struct wiring_for<modules<Wanted...>, modules<Modules...>, Replacements, Overridden> {
    using context = detail::context<types<function_node<Modules>..., function_node<Wanted>...>, Replacements>;
    using asked = types<function_node<Wanted>...>;
    using found = typename with_feeders<context, typename walk_all<context, set<>, set<>, void, asked>::type>::type;
    using type = wiring<context, found, asked, Overridden>;
};

template <class Wanted, class Modules>
result<graph> make_graph() {
    using wiring = typename wiring_for<Wanted, Modules, types<>, types<>>::type;
    if constexpr (wiring::right) {
        return graph::make(make_nodes({wiring::facts, wiring::table.names, wiring::table.edges}));
    } else {
        static_assert(!wiring::judged::ok);  // it does not compile, and says why
        return error(errc::invalid_graph);
    }
}

}  // namespace detail

/// The graph of everything that the wanted nodes need. Wrong wiring does not compile.
/// Errors: invalid_graph, for collectors of several expansions that would wait for each other for ever; throws
/// std::bad_alloc.
template <auto... Wanted>
result<graph> graph_of() {
    return detail::make_graph<modules<Wanted...>, modules<>>();
}

/// The same, with modules in which `named` parameters are looked up.
template <class Modules, auto... Wanted>
result<graph> graph_of() {
    return detail::make_graph<modules<Wanted...>, Modules>();
}

}  // namespace frond
