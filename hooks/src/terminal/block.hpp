// The rows of the runs that go on, in columns, as lines that fit a screen.
#pragma once

#include "rows.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace frond::hooks::detail {

/// The screen to write for.
struct look {
    std::size_t width = 80;
    std::size_t height = 24;
    bool utf8 = true;
};

/// At most height - 1 lines, each narrower than the screen: the cursor stays below them. Runs share the height evenly: each
/// has its own row for as long as there is room, then one more, and so on. What has no room is left out from the end of
/// its run, and the last line says how many rows that are.
///
/// A bar fills up once the total is known; until then, with a `+` behind the total, a block wanders through it.
std::vector<std::string> block_lines(std::vector<picture const*> const& runs, look const& on);

/// The same of one run. Once it has ended there is a line in any case.
std::vector<std::string> block_lines(picture const& of, look const& on);

}  // namespace frond::hooks::detail
