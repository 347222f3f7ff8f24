// What of a graph is planned: the options by node, what the wanted outputs need, and the scopes that it falls into.
#pragma once

#include "frond/plan/plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace frond::detail {

/// Everything by the nodes' places in the graph.
struct selection {
    explicit selection(plan& made) : of(made.graph), scopes(made.scopes) {}

    frond::graph const& of;
    std::vector<plan_scope>& scopes;  // the run's, and one for each needed expander, after that which encloses it
    std::vector<std::size_t> wanted;
    std::vector<bool> overridden;
    std::vector<bool> needed;
    std::vector<std::uint32_t> limit;       // of expanders; 0: none of their own
    std::vector<std::uint32_t> limit_each;  // the same in each parent
    std::vector<retry_rule> retry;
    std::vector<executor*> on;  // null: the run's

    std::vector<std::uint32_t> scope;  // that a node runs in
    std::vector<std::uint32_t> opens;  // of expanders: the scope of their children
    /// One expander, one collector: tasks of their own, whatever the grouping. Who collects from an expansion outside
    /// its own scope reads a list like any value.
    std::vector<purpose> why;

    bool expands(std::size_t node) const noexcept { return of[node].kind == node_kind::expander; }
    /// Its value comes from outside. (An overridden expander still expands; what comes from outside is its range.)
    bool given(std::size_t node) const noexcept {
        return of[node].kind == node_kind::input || (overridden[node] && !expands(node));
    }
    bool runs(std::size_t node) const noexcept { return needed[node] && !given(node); }
    /// The parameters that are asked for; an overridden node has none.
    std::vector<parameter> const& parameters(std::size_t node) const noexcept {
        static std::vector<parameter> const none;
        return overridden[node] ? none : of[node].parameters;
    }
    /// The scope that the children are in whose values are collected.
    std::uint32_t collected_scope(parameter const& p) const noexcept {
        std::size_t const from = p.nodes.front();
        return expands(from) ? opens[from] : scope[from];
    }
    /// The expander in scope `outer` that a scope inside it belongs to.
    std::size_t expander_below(std::uint32_t outer, std::uint32_t inner) const noexcept {
        auto const around = of.expansions(*scopes[inner].expander_node);
        std::size_t const depth = scopes[outer].depth;
        return depth < around.size() ? around[depth] : *scopes[inner].expander_node;
    }
};

/// Selects from a plan's graph by its options, and makes its scopes.
/// Faults: unknown names, nodes that cannot be wanted or overridden, options that mean nothing.
selection select(plan& made, std::vector<std::string>& faults);

}  // namespace frond::detail
