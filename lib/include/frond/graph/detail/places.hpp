// A list of types in which a type is found by its place, and a place by its type, without recursion.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace frond::detail {

template <std::size_t I, class Node>
struct placed {};
template <class Indices, class... Nodes>
struct places;
template <std::size_t... I, class... Nodes>
struct places<std::index_sequence<I...>, Nodes...> : placed<I, Nodes>... {};

template <class Node, std::size_t I>
constexpr std::integral_constant<std::size_t, I> place_in(placed<I, Node> const*);
template <std::size_t I, class Node>
constexpr std::type_identity<Node> node_at(placed<I, Node> const*);

}  // namespace frond::detail
