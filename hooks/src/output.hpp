// The thin part of the display: what kind of thing it writes to, how large it is, and writing.
#pragma once

#include "lines.hpp"

#include <string_view>

namespace frond::hooks::detail {

/// Whether the environment's locale is a UTF-8 one.
bool utf8_locale() noexcept;
/// Whether lines can be drawn in place there: a terminal that can, and nobody has asked for plain output.
bool draws_in_place(int descriptor) noexcept;
/// The size of the terminal; 80 x 24 if it does not say.
look screen_of(int descriptor) noexcept;

enum class patience {
    none,  // whatever cannot be written at once is left out
    a_second,
};

/// False if nothing was written, since it would have had to wait, or if it can never be written again.
bool write_to(int descriptor, std::string_view bytes, patience how) noexcept;

}  // namespace frond::hooks::detail
