// The names of nodes that are functions, as the compiler writes them.
#pragma once

#include <cstddef>
#include <string_view>

namespace frond {

/// Gives a node another name than its function's; specialise it before the node is used:
/// `template <> inline constexpr std::string_view frond::node_name<convert<int>> = "convert_int";`
/// Required for an instance of a function template.
template <auto F>
inline constexpr std::string_view node_name = {};

namespace detail {

/// "m::words"; g++ adds the template arguments of an instance, clang does not.
template <auto F>
constexpr std::string_view written_name() {
    std::string_view const text = __PRETTY_FUNCTION__;
    auto begin = text.find("F = ") + 4;
    if (text[begin] == '&') ++begin;
    return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

/// Without what stands before the last `::`, template arguments left alone.
constexpr std::string_view unqualified(std::string_view name) {
    int nested = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        char const c = name[i];
        if (c == '<' || c == '(' || c == '{') ++nested;
        if (c == '>' || c == ')' || c == '}') --nested;
        if (c == ':' && nested == 0) begin = i + 1;
    }
    return name.substr(begin);
}

template <auto F>
inline constexpr bool has_given_name = !node_name<F>.empty();

template <auto F>
inline constexpr std::string_view qualified_name = has_given_name<F> ? node_name<F> : written_name<F>();

template <auto F>
inline constexpr std::string_view short_name = has_given_name<F> ? node_name<F> : unqualified(written_name<F>());

/// An instance of a template without a name of its own. Clang does not show it; there only two instances are told apart,
/// by having one name.
template <auto F>
inline constexpr bool lacks_name = !has_given_name<F> && written_name<F>().back() == '>';

}  // namespace detail

}  // namespace frond
