// Which values only show what somebody else holds.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace frond {

/// Whether a value only shows what somebody else holds. Specialise it for views of your own: they are refused where values
/// are collected, and are not copied for hooks, since what they show has ended by then.
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
