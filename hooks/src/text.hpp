// Text that is safe to show and how wide it is on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

/// The text with everything escaped that could move the cursor, change the terminal or the direction of writing: control
/// characters (`\n`, `\x1b`), what is no UTF-8 (`\xff`), directional marks (`\u{202e}`). Without `utf8` all that is not ASCII.
std::string printable(std::string_view text, bool utf8);

/// How many columns a printable text takes.
std::size_t columns(std::string_view text) noexcept;

/// A printable text that takes at most `width` columns; where something is cut off it ends in an ellipsis.
std::string cut(std::string_view text, std::size_t width, bool utf8);

}  // namespace frond::hooks::detail
