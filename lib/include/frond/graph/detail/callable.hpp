// Callables as nodes: what a lambda's type says of the node, and the body that calls a lambda kept in node::self.
#pragma once

#include "frond/graph/detail/body.hpp"
#include "frond/graph/detail/signature.hpp"
#include "frond/graph/node.hpp"

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace frond::detail {

template <class M>
struct call_operator {
    static constexpr bool is_const = false;
};
template <class F, class R, class... P>
struct call_operator<R (F::*)(P...) const> {
    static constexpr bool is_const = true;
    using signature_type = signature<R (*)(P...)>;
};
template <class F, class R, class... P>
struct call_operator<R (F::*)(P...) const noexcept> : call_operator<R (F::*)(P...) const> {};

template <class F>
concept plain_function = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;

template <class F>
concept has_one_call_operator = requires { &F::operator(); };

/// The signature of a pointer to a function, or of an object that is called as const, whatever it has captured: one object
/// is called by several threads at once.
template <class F>
struct callable_signature {
    static constexpr bool known = false;
};
template <plain_function F>
struct callable_signature<F> {
    static constexpr bool known = true;
    using type = signature<F>;
};
template <has_one_call_operator F>
    requires call_operator<decltype(&F::operator())>::is_const
struct callable_signature<F> {
    static constexpr bool known = true;
    using type = typename call_operator<decltype(&F::operator())>::signature_type;
};

/// A parameter of a node made at run time: value, taken, reference, list or stream.
template <class P>
concept runtime_parameter = std::is_object_v<P> && requires(argument from) {
    P::how;
    typename P::parts;
    P(from);
};

template <class... P>
constexpr bool are_runtime_parameters(types<P...>) {
    return (runtime_parameter<P> && ...);
}

/// What a parameter asks of the nodes that it takes from.
struct parameter_type {
    need how;
    value_type const* whole;                 // of one node; of a joint stream: the tuple
    std::array<value_type const*, 8> parts;  // of a joint stream, one for each node
    std::size_t size;                        // how many parts
};

template <class... T>
constexpr parameter_type parts_of(need how, value_type const* whole, types<T...>) {
    static_assert(sizeof...(T) <= 8, "frond: a joint stream is of eight nodes at most");
    return {how, whole, {&value_type_of<T>...}, sizeof...(T)};
}

template <class T>
constexpr value_type const* whole_of(types<T>) {
    return &value_type_of<T>;
}
template <class A, class B, class... T>
constexpr value_type const* whole_of(types<A, B, T...>) {
    return &value_type_of<std::tuple<A, B, T...>>;
}

template <class... P>
constexpr std::array<parameter_type, sizeof...(P)> parameter_types(types<P...>) {
    return {parts_of(P::how, whole_of(typename P::parts()), typename P::parts())...};
}

template <class F>
struct callable_invoker {
    template <class... A>
    static decltype(auto) call(void* self, A... arguments) {
        return (*static_cast<F const*>(self))(arguments...);
    }
};

template <class... T>
constexpr std::size_t size_of_types(types<T...>) {
    return sizeof...(T);
}

template <class F, class Signature = typename callable_signature<F>::type>
inline constexpr node_body callable_body =
    body_of<callable_invoker<F>, typename Signature::returned, size_of_types(typename Signature::parameters())>::make();

}  // namespace frond::detail
