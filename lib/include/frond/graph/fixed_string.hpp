// A string as a template argument: `input<"root", T>`.
#pragma once

#include <cstddef>
#include <string_view>

namespace frond {

/// Two are of one type, and equal, if their texts are.
template <std::size_t Size>
struct fixed_string {
    constexpr fixed_string(char const (&text)[Size]) noexcept {  // implicit: written as a plain literal
        for (std::size_t i = 0; i < Size; ++i) characters[i] = text[i];
    }
    constexpr std::string_view view() const noexcept { return {characters, Size - 1}; }

    char characters[Size]{};

    friend bool operator==(fixed_string const&, fixed_string const&) = default;
};

}  // namespace frond
