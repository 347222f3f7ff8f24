// Text from outside, as it may be shown: names, keys and errors on a terminal, in a log, in a drawing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace frond {

/// The text with everything escaped that could move the cursor, change the terminal or the direction of writing:
/// control characters (`\n`, `\x1b`), bytes that are not UTF-8 (`\xff`), directional marks (`\u{202e}`). Without `utf8`
/// everything that is not ASCII is escaped, too. Printable characters stay as they are;
/// a page or a quoted string needs escapes of its own.
std::string printable(std::string_view text, bool utf8 = true);

namespace detail {

struct code_point {
    char32_t value;
    std::size_t bytes;  // 0: not UTF-8
};

/// The beginning of a text: at most so many bytes, and no part of a code point at its end.
std::string_view beginning(std::string_view text, std::size_t most_bytes) noexcept;

/// The first code point of a text that is not empty.
/// Overlong forms, surrogates and code points out of range are not UTF-8.
code_point first_code_point(std::string_view text) noexcept;

}  // namespace detail

}  // namespace frond
