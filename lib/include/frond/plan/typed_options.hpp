// What a typed plan is asked for: `frond::options().limit(256).limit<file>(16).replace<words, other>()`.
//
// What changes the graph is part of the type, since the wiring is checked when it compiles; the rest is data, under the
// names of functions, which become names of nodes when the graph is known.
#pragma once

#include "frond/graph/typed_graph.hpp"
#include "frond/plan/options.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

/// Options that speak of functions by their qualified names.
struct option_data {
    plan_options plain;
    std::vector<std::pair<std::string_view, std::uint32_t>> limits;
    std::vector<std::pair<std::string_view, std::uint32_t>> limits_each;
    std::vector<std::pair<std::string_view, retry_rule>> retries;
    std::vector<std::pair<std::string_view, std::shared_ptr<executor>>> executors;
    std::vector<std::string_view> blocking;
};

/// The qualified names of a function and of the one in its place.
struct replaced_name {
    std::string_view function;
    std::string_view other;
};

/// Whether a second call would not find what the first one has taken, by the types of the parameters.
template <class P>
inline constexpr bool used_up = false;
template <dependency P>
inline constexpr bool used_up<P> = P::how == need::take || streams(P::how);
template <class... P>
constexpr bool any_used_up(types<P...>) {
    return (used_up<P> || ...);
}

/// The options by the names of a graph's nodes. Of what is not in the graph the qualified name stays.
plan_options name_options(option_data const& from, typed_table const& graph, std::span<replaced_name const> replaced);

}  // namespace detail

/// The options of a plan. Each call gives a changed copy.
template <class Replacements, class Overridden>
class basic_options;

template <class... Replacements, class... Overridden>
class basic_options<detail::types<Replacements...>, detail::types<Overridden...>> {
public:
    basic_options() = default;
    explicit basic_options(detail::option_data data) : data_(std::move(data)) {}

    /// Children that run at once, in the whole run.
    [[nodiscard]] basic_options limit(std::uint32_t children) const {
        return changed([&](auto& data) { data.plain.limit = children; });
    }
    /// Children of one expander that are open at once, in the whole run.
    template <auto F>
    [[nodiscard]] basic_options limit(std::uint32_t children) const {
        static_assert(detail::facts_of<detail::function_node<F>>::kind == node_kind::expander,
                      "frond: limit<f>(n) is for expanders: it bounds how many children are open at once");
        return changed([&](auto& data) { data.limits.emplace_back(detail::qualified_name<F>, children); });
    }
    /// Children of one expander that are open at once in each child of the expansion that the expander is inside: pages of each
    /// host. What is slow in one of these holds up nothing in the others. Beside `limit<f>(n)`, both hold.
    template <auto F>
    [[nodiscard]] basic_options limit_each(std::uint32_t children) const {
        static_assert(detail::facts_of<detail::function_node<F>>::kind == node_kind::expander,
                      "frond: limit_each<f>(n) is for expanders: it bounds how many children are open at once in each "
                      "child around them");
        return changed([&](auto& data) { data.limits_each.emplace_back(detail::qualified_name<F>, children); });
    }

    /// Tries a node that fails again, up to `attempts` times all in all: after `delay`, then after twice as long, and so
    /// on. An expander is tried again only if it fails before it yields its first child. Not for nodes that take or stream: what
    /// these have used up is gone.
    template <auto F>
    [[nodiscard]] basic_options retry(std::uint32_t attempts, time_span delay = {}) const {
        using facts = detail::facts_of<detail::function_node<F>>;
        static_assert(
            !detail::any_used_up(typename facts::parameters()),
            "frond: retry<f>(attempts, delay) is not for a node that takes or streams: what it has used up is "
            "gone; let it take in<g> or all<g>");
        return changed(
            [&](auto& data) { data.retries.emplace_back(detail::qualified_name<F>, retry_rule{attempts, delay}); });
    }

    /// Runs a node on an executor of its own.
    template <auto F>
    [[nodiscard]] basic_options on(std::shared_ptr<executor> where) const {
        return changed([&](auto& data) { data.executors.emplace_back(detail::qualified_name<F>, std::move(where)); });
    }
    /// A node whose body blocks its thread: it runs on the executor for such bodies.
    template <auto F>
    [[nodiscard]] basic_options blocking() const {
        return changed([&](auto& data) { data.blocking.push_back(detail::qualified_name<F>); });
    }
    /// The executor for bodies that block.
    [[nodiscard]] basic_options blocking_on(std::shared_ptr<executor> where) const {
        return changed([&](auto& data) { data.plain.blocking_executor = std::move(where); });
    }

    /// Which nodes run together as one task.
    [[nodiscard]] basic_options grouping(frond::grouping how) const {
        return changed([&](auto& data) { data.plain.grouping = how; });
    }
    /// The same by the name of a node's group.
    [[nodiscard]] basic_options grouping(std::function<std::string(node const&)> group_of) const {
        return changed([&](auto& data) {
            data.plain.grouping = frond::grouping::custom;
            data.plain.group_of = std::move(group_of);
        });
    }
    /// How many bytes the streams of a run may hold, all together, beside the room that each has from the beginning. They
    /// grow only where else everything would wait for something else for ever; what would need more fails the run.
    [[nodiscard]] basic_options stream_memory(std::size_t bytes) const {
        return changed([&](auto& data) { data.plain.stream_memory = bytes; });
    }
    /// After this much time on a thread a run gives its executor back.
    [[nodiscard]] basic_options budget(time_span time) const {
        return changed([&](auto& data) { data.plain.budget = time; });
    }
    /// How long a run that is over waits for its hooks before it completes. Those that are not done then are
    /// cancelled, and have as long again to end.
    [[nodiscard]] basic_options grace(time_span time) const {
        return changed([&](auto& data) { data.plain.grace = time; });
    }

    /// Puts another function in a node's place: a variant, or a test's.
    template <auto F, auto Other>
    [[nodiscard]] auto replace() const {
        using detail::function_node;
        using facts = detail::facts_of<function_node<F>>;
        using other = detail::facts_of<function_node<Other>>;
        static_assert(std::is_same_v<typename facts::value, typename other::value>,
                      "frond: replace<f, g>: the value of g has another type than that of f");
        static_assert(facts::kind == other::kind, "frond: replace<f, g>: one of them is an expander, the other is not");
        using replacements = detail::types<Replacements..., detail::replaced<function_node<F>, function_node<Other>>>;
        return basic_options<replacements, detail::types<Overridden...>>(data_);
    }
    /// A node whose value each run is given, as `override_with<f>(value)`; an expander is given a range. What only it
    /// needed is left out.
    template <auto F>
    [[nodiscard]] auto override_node() const {
        using overridden = detail::types<Overridden..., detail::function_node<F>>;
        return basic_options<detail::types<Replacements...>, overridden>(data_);
    }

    detail::option_data const& data() const noexcept { return data_; }

private:
    template <class Change>
    basic_options changed(Change change) const {
        basic_options made = *this;
        change(made.data_);
        return made;
    }

    detail::option_data data_;
};

using options = basic_options<detail::types<>, detail::types<>>;

}  // namespace frond
