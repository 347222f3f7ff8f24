// Which types are views: their values only show something that lives elsewhere.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace frond {

/// Whether a T only shows something that lives elsewhere. Specialise it for views of your own. Views are refused where
/// values are collected, and are not copied for hooks, since the values that they show have ended by then.
template <class T>
inline constexpr bool is_view = std::is_pointer_v<T>;
template <class Char, class Traits>
inline constexpr bool is_view<std::basic_string_view<Char, Traits>> = true;
template <class T, std::size_t Extent>
inline constexpr bool is_view<std::span<T, Extent>> = true;
template <class T, class Allocator>
inline constexpr bool is_view<std::vector<T, Allocator>> = is_view<T>;
template <class T>
inline constexpr bool is_view<std::optional<T>> = is_view<T>;

}  // namespace frond
