// The output of a run: the value itself if one node is wanted, else the values of all wanted nodes.
#pragma once

#include "frond/base/result.hpp"
#include "frond/graph/detail/typed_node.hpp"
#include "frond/run/run.hpp"

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

template <auto F>
using output_of = std::conditional_t<facts_of<function_node<F>>::kind == node_kind::expander,
                                     std::vector<typename node_value<F>::type>, typename node_value<F>::type>;

}  // namespace detail

/// The outputs of a typed plan, by function.
template <auto... Wanted>
class results_of {
public:
    explicit results_of(detail::output_of<Wanted>... values) : values_(std::move(values)...) {}

    /// The value of a wanted node; of an expander, a vector of the values that it yielded.
    template <auto F>
    auto& get() & noexcept {
        return std::get<place<F>()>(values_);
    }
    template <auto F>
    auto const& get() const& noexcept {
        return std::get<place<F>()>(values_);
    }
    template <auto F>
    auto get() && {
        return std::get<place<F>()>(std::move(values_));
    }

private:
    template <auto F>
    static constexpr std::size_t place() {
        constexpr bool same[] = {std::is_same_v<detail::function_node<F>, detail::function_node<Wanted>>...};
        constexpr std::size_t found = [&] {
            std::size_t i = 0;
            while (i < sizeof...(Wanted) && !same[i]) ++i;
            return i;
        }();
        static_assert(found < sizeof...(Wanted), "frond: get<f>() of a node that was not asked for");
        return found < sizeof...(Wanted) ? found : 0;
    }

    std::tuple<detail::output_of<Wanted>...> values_;
};

namespace detail {

/// Of a plan that does not compile, so that the message about it is the only one.
struct no_outcome {
    using type = unit;

    static result<type> take(run_outcome&) { return unit(); }
};

template <auto... Wanted>
struct outcome_of {
    using type = results_of<Wanted...>;

    static result<type> take(run_outcome& outcome) {
        if (outcome.failure) return failed<type>(*outcome.failure);
        return take(outcome, std::index_sequence_for<function_node<Wanted>...>());
    }

private:
    template <std::size_t... I>
    static result<type> take(run_outcome& outcome, std::index_sequence<I...>) {
        return type(std::move(*static_cast<output_of<Wanted>*>(outcome.outputs[I]))...);
    }
};

template <auto Wanted>
struct outcome_of<Wanted> {
    using type = output_of<Wanted>;

    static result<type> take(run_outcome& outcome) {
        if (outcome.failure) return failed<type>(*outcome.failure);
        return succeeded<type>(std::move(*static_cast<type*>(outcome.outputs[0])));
    }
};

}  // namespace detail

}  // namespace frond
