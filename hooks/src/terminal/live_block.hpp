// Lines on a terminal that are drawn again and again in the same place.
//
// Pure: it gives the bytes to write. It knows only what it has written and how wide the screen is now; the lines of before
// may have been wrapped since.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace frond::hooks::detail {

class live_block {
public:
    /// The bytes that put `lines` in the place of those of the last time, with `above` over them, which stays.
    /// The cursor is hidden within them only, and ends at the start of the line below.
    std::string redraw(std::vector<std::string> const& above, std::vector<std::string> const& lines,
                       std::size_t screen_width);
    /// Leaves the lines where they are; the next ones come below.
    void leave() noexcept { drawn_.clear(); }

private:
    std::vector<std::size_t> drawn_;  // the columns of each line
};

}  // namespace frond::hooks::detail
