// What the signature of a function says about the node: the value it makes, and how it makes it.
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/expander.hpp"
#include "frond/base/result.hpp"
#include "frond/base/value_type.hpp"

#include <coroutine>
#include <iterator>
#include <type_traits>
#include <utility>

namespace frond {

/// How a function makes its node's value.
enum class return_form {
    value,      // gives it
    coroutine,  // gives a coroutine that ends with it
    expander,   // gives a coroutine that yields parameters
    range,      // gives a range of parameters
};

/// What a node's function may return. Open: specialise it for another coroutine type, with `form` coroutine, the value,
/// and `adapt`, which makes one of our coroutines of it.
template <class R>
struct node_return {
    static constexpr bool assumed = true;  // nobody has said what an R is; a specialisation has no such member
    static constexpr return_form form = return_form::value;
    using value = std::remove_cv_t<R>;
};

template <>
struct node_return<void> {
    static constexpr return_form form = return_form::value;
    using value = unit;
};

template <class T>
struct node_return<result<T>> {
    static constexpr return_form form = return_form::value;
    using value = typename node_return<T>::value;
};

template <class T>
struct node_return<async<T>> {
    static constexpr return_form form = return_form::coroutine;
    using value = typename node_return<T>::value;
    static async<T> adapt(async<T>&& body) noexcept { return std::move(body); }
};

template <class T>
struct node_return<expander<T>> {
    static constexpr return_form form = return_form::expander;
    using value = T;
};

template <class Range>
struct node_return<expand<Range>> {
    static constexpr return_form form = return_form::range;
    using value = unit;  // of what is no range; `expand` says so
};
template <class Range>
    requires expandable<Range>
struct node_return<expand<Range>> {
    static constexpr return_form form = return_form::range;
    using value = std::iter_value_t<decltype(std::begin(std::declval<Range&>()))>;
};

namespace detail {

/// Whether an R is awaited, or is what a coroutine returns.
template <class R>
concept awaitable_type =
    requires { typename std::coroutine_traits<R>::promise_type; } || requires(R& made) { made.await_ready(); } ||
    requires(R&& made) { static_cast<R&&>(made).operator co_await(); } ||
    requires(R&& made) { operator co_await(static_cast<R&&>(made)); };

/// A coroutine that no node_return knows. As the value of a node it would never be run.
template <class R>
concept foreign_coroutine = awaitable_type<R> && requires { node_return<R>::assumed; };

/// A list of types.
template <class... T>
struct types {};

/// Of what is no pointer to a function: the members let the checks go on up to the sentence that says so.
template <class Function>
struct signature {
    static constexpr bool known = false;
    using returned = void;
    using parameters = types<>;
};

template <class R, class... P>
struct signature<R (*)(P...)> {
    static constexpr bool known = true;
    using returned = R;
    using parameters = types<P...>;
};

template <class R, class... P>
struct signature<R (*)(P...) noexcept> : signature<R (*)(P...)> {};

template <class R>
constexpr bool expands = node_return<R>::form == return_form::expander || node_return<R>::form == return_form::range;

/// Whether a node may have such a value, and a function that returns an R may be a node.
template <class T>
inline constexpr bool good_value = std::is_object_v<T> && !std::is_array_v<T> && !is_result<T>::value &&
                                   node_return<T>::form == return_form::value && !foreign_coroutine<T>;

template <class R>
inline constexpr bool good_return = good_value<typename node_return<R>::value> && !std::is_reference_v<R>;
template <class T>
inline constexpr bool good_return<async<T>> =
    good_value<typename node_return<T>::value> && !std::is_reference_v<T> && node_return<T>::form == return_form::value;
template <class Range>
inline constexpr bool good_return<expand<Range>> =
    expandable<Range> && good_value<typename node_return<expand<Range>>::value>;

}  // namespace detail

}  // namespace frond
