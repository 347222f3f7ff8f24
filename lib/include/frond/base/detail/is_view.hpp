// Which types are views: their values only show something that lives elsewhere.
#pragma once

#include "frond/base/result.hpp"

#include <array>
#include <deque>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace frond {

namespace detail {

/// A pointer to an object, or an iterator. A pointer to a function shows nothing that ends.
template <class T>
concept points_elsewhere = (std::is_pointer_v<T> && !std::is_function_v<std::remove_pointer_t<T>>) ||
                           (std::is_class_v<T> && std::input_or_output_iterator<T>);

}  // namespace detail

/// Whether a T only shows something that lives elsewhere, or holds something that does. Specialise it for types of your own.
/// Views are refused where values are collected or wanted, and are not copied for hooks, since the values that they show have
/// ended by then.
template <class T>
inline constexpr bool is_view = detail::points_elsewhere<T>;
template <class Char, class Traits>
inline constexpr bool is_view<std::basic_string_view<Char, Traits>> = true;
template <class T, std::size_t Extent>
inline constexpr bool is_view<std::span<T, Extent>> = true;
template <class T>
inline constexpr bool is_view<std::reference_wrapper<T>> = !std::is_function_v<T>;
template <class T>
inline constexpr bool is_view<std::initializer_list<T>> = true;

// A type that holds views is a view.
template <class T>
inline constexpr bool is_view<T const> = is_view<T>;
template <class T>
inline constexpr bool is_view<std::optional<T>> = is_view<T>;
template <class T>
inline constexpr bool is_view<result<T>> = is_view<T>;
template <class A, class B>
inline constexpr bool is_view<std::pair<A, B>> = is_view<A> || is_view<B>;
template <class... T>
inline constexpr bool is_view<std::tuple<T...>> = (is_view<T> || ...);
template <class... T>
inline constexpr bool is_view<std::variant<T...>> = (is_view<T> || ...);
template <class T, std::size_t Size>
inline constexpr bool is_view<std::array<T, Size>> = is_view<T>;
template <class T, class Allocator>
inline constexpr bool is_view<std::vector<T, Allocator>> = is_view<T>;
template <class T, class Allocator>
inline constexpr bool is_view<std::deque<T, Allocator>> = is_view<T>;
template <class T, class Allocator>
inline constexpr bool is_view<std::list<T, Allocator>> = is_view<T>;
template <class T, class... Rest>
inline constexpr bool is_view<std::set<T, Rest...>> = is_view<T>;
template <class Key, class T, class... Rest>
inline constexpr bool is_view<std::map<Key, T, Rest...>> = is_view<Key> || is_view<T>;

/// A reference is one in whatever holds it, as in std::tuple<T&>.
template <class T>
inline constexpr bool is_view<T&> = true;

}  // namespace frond
