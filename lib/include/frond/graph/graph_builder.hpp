// Builds a graph at run time: lambdas under names, say from a configuration.
//
//   graph_builder b;
//   b.input<fs::path>("root");
//   b.add("file", [](value<fs::path> root) -> expander<fs::path> { ... }, {"root"});
//   b.add("words", [&pool](value<fs::path> file) { return count(*file, pool); }, {"file"});
//   b.add("total", [](stream<word_counts> counts) -> async<word_counts> { ... }, {"words"});
//   result<graph> g = std::move(b).build();
//
// Parameters are value<T>, taken<T>, reference<T>, list<T>, stream<T> and, of an expander, feedback<T>; with a result<T>, failures
// are values. A joint stream, stream<std::tuple<A, B>>, names several nodes: {{"words", "lines"}}. A function returns what typed
// nodes do.
#pragma once

#include "frond/graph/detail/callable.hpp"
#include "frond/graph/feedback.hpp"
#include "frond/graph/graph.hpp"
#include "frond/graph/stream.hpp"
#include "frond/graph/values.hpp"

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

/// The names of the nodes that one parameter takes from.
struct parameter_source {
    parameter_source(char const* node) : nodes{node} {}
    parameter_source(std::string node) : nodes{std::move(node)} {}
    parameter_source(std::initializer_list<std::string> joint) : nodes(joint) {}

    std::vector<std::string> nodes;
};

/// Nodes may be added in any order: names are looked up by `build`.
class graph_builder {
public:
    /// A value from outside; a T& refers to something that outlives the runs.
    template <class T>
    graph_builder& input(std::string name) {
        static constexpr node_body required;
        return add_input(std::move(name), value_type_of<T>, required, nullptr);
    }
    /// The same, with a value that is copied where a run is given none.
    template <class T>
    graph_builder& input(std::string name, T by_default) {
        static_assert(std::is_copy_constructible_v<T>, "frond: the default of an input is copied for each run");
        return add_input(std::move(name), value_type_of<T>, default_body<T>,
                         std::make_shared<T>(std::move(by_default)));
    }

    /// A node that calls `function`, whose parameters take from `sources`, in the same order. The function is kept as long
    /// as the graph, and called by several threads at once.
    template <class F>
    graph_builder& add(std::string name, F function, std::vector<parameter_source> sources = {}) {
        using called = detail::callable_signature<F>;
        static_assert(
            called::known,
            "frond: a node made at run time is a pointer to a function, or an object with one operator() that "
            "is const: no mutable or generic lambda");
        if constexpr (called::known) {
            using parameters = typename called::type::parameters;
            using returned = typename called::type::returned;
            static_assert(detail::are_runtime_parameters(parameters()),
                          "frond: the parameters of a node made at run time are, by value, value<T>, taken<T>, "
                          "reference<T>, list<T>, stream<T> or, of an expander, feedback<T>");
            static_assert(!std::is_reference_v<returned>, "frond: a node returns its value, not a reference");
            if constexpr (detail::are_runtime_parameters(parameters()) && !std::is_reference_v<returned>) {
                static constexpr auto asked = detail::parameter_types(parameters());
                if constexpr (!detail::good_return<returned>) {
                    return add_faulty(std::move(name), value_type_of<returned>, asked, std::move(sources));
                } else {
                    node made;
                    made.name = std::move(name);
                    made.kind = detail::expands<returned> ? node_kind::expander : node_kind::plain;
                    made.type = &value_type_of<typename node_return<returned>::value>;
                    made.body = &detail::callable_body<F>;
                    made.self = std::make_shared<F>(std::move(function));
                    return add_node(std::move(made), asked, std::move(sources));
                }
            }
        }
        return *this;
    }

    /// Looks the names up and makes the graph.
    /// Errors: invalid_graph, whose message lists every fault: names that no node has, values of another type, parameters
    /// without a source, functions that return no value, as a typed graph refuses them, and all that graph::make finds.
    result<graph> build() &&;

private:
    struct added {
        frond::node node;
        std::span<detail::parameter_type const> asked;  // static
        std::vector<parameter_source> sources;
    };

    template <class T>
    static constexpr node_body default_body = [] {
        node_body made;
        made.make_default = [](void* at, void* self) { ::new (at) T(*static_cast<T const*>(self)); };
        return made;
    }();

    graph_builder& add_input(std::string name, value_type const& type, node_body const& body,
                             std::shared_ptr<void> self);
    graph_builder& add_node(node made, std::span<detail::parameter_type const> asked,
                            std::vector<parameter_source> sources);
    /// A node without a type, whose function returns what is no node's value.
    graph_builder& add_faulty(std::string name, value_type const& returned,
                              std::span<detail::parameter_type const> asked, std::vector<parameter_source> sources);

    std::vector<added> nodes_;
    std::vector<std::string> faults_;
};

}  // namespace frond
