// Text for a page: what is hostile in it does no harm there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

/// Printable, cut to that many columns, and with nothing in it that HTML or an attribute in quotes would take for its own.
std::string html_text(std::string_view text, std::size_t width = 160);

/// The same in an element of its own, so that right-to-left letters turn nothing around but themselves.
std::string html_name(std::string_view text, std::size_t width = 160);

}  // namespace frond::hooks::detail
