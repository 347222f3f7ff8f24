#include "live_block.hpp"

#include "../text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frond::hooks::detail {

std::string live_block::redraw(std::vector<std::string> const& above, std::vector<std::string> const& lines,
                               std::size_t screen_width) {
    // Terminals wrap again what has become too wide for them; a line then takes several of the screen.
    std::size_t up = 0;
    for (std::size_t const width : drawn_) {
        up += std::max<std::size_t>((width + screen_width - 1) / screen_width, 1);
    }
    drawn_.clear();

    std::string bytes = "\x1b[?25l\r";
    if (up > 0) bytes += fmt::format("\x1b[{}A", up);
    auto const put = [&bytes](std::string const& line) {
        bytes += line;
        bytes += "\x1b[K\r\n";  // the rest of what was there before
    };
    for (std::string const& line : above) put(line);
    for (std::string const& line : lines) {
        put(line);
        drawn_.push_back(columns(line));
    }
    return bytes + "\x1b[J\x1b[?25h";
}

}  // namespace frond::hooks::detail
