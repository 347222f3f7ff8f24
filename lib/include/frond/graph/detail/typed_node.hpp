// What is known of one typed node by itself, without the graph around it.
#pragma once

#include "frond/graph/detail/body.hpp"
#include "frond/graph/node_name.hpp"
#include "frond/graph/parameters.hpp"

#include <string_view>
#include <type_traits>

namespace frond::detail {

/// A node as the front end hands it on: all that does not depend on the graph.
struct node_facts {
    std::string_view name;       // the shortest one
    std::string_view qualified;  // the one to take where two clash
    node_kind kind = node_kind::plain;
    value_type const* type = nullptr;
    node_body const* body = nullptr;
};

template <auto F>
struct function_invoker {
    template <class... A>
    static decltype(auto) call(void*, A... arguments) {
        return F(arguments...);
    }
};

template <class... T>
constexpr std::size_t count_of(types<T...>) {
    return sizeof...(T);
}

template <auto F>
inline constexpr node_body function_body = body_of<function_invoker<F>, typename signature<decltype(F)>::returned,
                                                   count_of(typename signature<decltype(F)>::parameters())>::make();

template <class T, class D>
void make_default_value(void* at, D const& given) {
    ::new (at) T(given);
}
template <class T, std::size_t Size>
void make_default_value(void* at, fixed_string<Size> const& given) {
    ::new (at) T(given.characters);
}
template <class T, auto F>
void make_default_value(void* at, made_by<F>) {
    ::new (at) T(F());
}

template <class T, class D>
inline constexpr bool makes_default = std::is_constructible_v<T, D const&>;
template <class T, std::size_t Size>
inline constexpr bool makes_default<T, fixed_string<Size>> = std::is_constructible_v<T, char const*>;
template <class T, auto F>
inline constexpr bool makes_default<T, made_by<F>> = std::is_constructible_v<T, decltype(F())>;

/// The default, if there is one, makes a value of the input's type.
template <class Input>
inline constexpr bool default_fits =
    !Input::optional || (!std::is_reference_v<typename Input::type> &&
                         makes_default<typename Input::type, std::remove_const_t<decltype(Input::given)>>);

template <class Input>
inline constexpr node_body input_body = [] {
    node_body made;
    if constexpr (Input::optional && default_fits<Input>) {
        made.make_default = [](void* at, void*) { make_default_value<typename Input::type>(at, Input::given); };
    }
    return made;
}();

template <class Node>
struct facts_of;

template <auto F>
struct facts_of<function_node<F>> {
    using returned = typename signature<decltype(F)>::returned;
    using value = typename node_value<F>::type;
    using parameters = typename signature<decltype(F)>::parameters;
    static constexpr node_kind kind = expands<returned> ? node_kind::expander : node_kind::plain;
    static constexpr bool optional = false;

    static constexpr node_facts facts{short_name<F>, qualified_name<F>, kind, &value_type_of<value>, &function_body<F>};
};

template <fixed_string Name, class T, default_value Default>
struct facts_of<input_node<Name, T, Default>> {
    using value = T;
    using parameters = types<>;
    static constexpr node_kind kind = node_kind::input;
    static constexpr bool optional = input_node<Name, T, Default>::optional;

    static constexpr node_facts facts{Name.view(), Name.view(), kind, &value_type_of<T>,
                                      &input_body<input_node<Name, T, Default>>};
};

}  // namespace frond::detail
