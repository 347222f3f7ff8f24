// Text that is safe to show and how wide it is on a terminal.
#pragma once

#include "frond/base/printable.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

using frond::printable;

/// How many columns a printable text takes.
std::size_t columns(std::string_view text) noexcept;

/// A printable text that takes at most `width` columns; where something is cut off it ends in an ellipsis.
/// Marks without a width are cut off too, where there are more than anybody needs: it has at most eight bytes a column, and the
/// ellipsis.
std::string cut(std::string_view text, std::size_t width, bool utf8);

/// The same, but what is cut out is in the middle: the end of a path, or of a task's id, tells more than what comes before.
std::string cut_middle(std::string_view text, std::size_t width, bool utf8);

}  // namespace frond::hooks::detail
