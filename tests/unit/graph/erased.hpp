// Nodes written down by hand, for tests that are about wiring and not about how nodes are written.
#pragma once

#include "frond/graph/graph.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace erased {

struct needs {
    frond::need how;
    std::vector<std::string> names;
};

inline needs in(std::string name) { return {frond::need::value, {std::move(name)}}; }
inline needs take(std::string name) { return {frond::need::take, {std::move(name)}}; }
inline needs all(std::string name) { return {frond::need::list, {std::move(name)}}; }
inline needs all_results(std::string name) { return {frond::need::list_results, {std::move(name)}}; }
inline needs each(std::vector<std::string> names) { return {frond::need::stream, std::move(names)}; }
inline needs each_result(std::vector<std::string> names) { return {frond::need::stream_results, std::move(names)}; }
inline needs back(std::string name) { return {frond::need::feedback, {std::move(name)}}; }

/// The body of an expander that is a coroutine; never called.
inline constexpr frond::node_body yields = [] {
    frond::node_body made;
    made.coroutine = true;
    made.promise = [](void* state) noexcept -> frond::detail::expander_promise_base& {
        return *static_cast<frond::detail::expander_promise_base*>(state);
    };
    return made;
}();

/// Nodes whose values are ints, named before or after those that depend on them.
class nodes {
public:
    nodes& input(std::string name) { return add(std::move(name), frond::node_kind::input, {}); }
    nodes& plain(std::string name, std::vector<needs> of) {
        return add(std::move(name), frond::node_kind::plain, std::move(of));
    }
    nodes& expander(std::string name, std::vector<needs> of) {
        return add(std::move(name), frond::node_kind::expander, std::move(of));
    }

    nodes& type(frond::value_type const& of_last) {
        made_.back().type = &of_last;
        return *this;
    }
    nodes& body(frond::node_body const& of_last) {
        made_.back().body = &of_last;
        return *this;
    }

    std::vector<frond::node> build() const {
        auto made = made_;
        for (std::size_t i = 0; i < made.size(); ++i) {
            for (auto const& need : needs_[i]) {
                frond::parameter p{need.how, {}};
                for (auto const& name : need.names) p.nodes.push_back(place_of(name));
                made[i].parameters.push_back(std::move(p));
            }
        }
        return made;
    }

    frond::result<frond::graph> graph() const { return frond::graph::make(build()); }
    /// The message with which the graph is refused; empty if it is not.
    std::string refusal() const {
        auto made = graph();
        return made ? std::string() : std::string(made.error().message());
    }

private:
    nodes& add(std::string name, frond::node_kind kind, std::vector<needs> of) {
        static constexpr frond::node_body nothing;
        frond::node made;
        made.name = name;
        made.qualified = "m::" + std::move(name);
        made.kind = kind;
        made.type = &frond::value_type_of<int>;
        made.body = &nothing;
        made_.push_back(std::move(made));
        needs_.push_back(std::move(of));
        return *this;
    }

    std::size_t place_of(std::string const& name) const {
        for (std::size_t i = 0; i < made_.size(); ++i) {
            if (made_[i].name == name) return i;
        }
        throw std::out_of_range(name);
    }

    std::vector<frond::node> made_;
    std::vector<std::vector<needs>> needs_;
};

}  // namespace erased
