#include "carriage_line.hpp"

#include "../text.hpp"

#include <algorithm>

namespace frond::hooks::detail {

namespace {

std::size_t utf16_units(std::string const& text) noexcept {
    std::size_t count = 0;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) count += byte >= 0xF0 ? 2 : 1;
    }
    return count;
}

std::size_t missing(std::size_t of, std::size_t there) noexcept { return of > there ? of - there : 0; }

}  // namespace

void carriage_line::put(std::string& bytes, std::string const& text) {
    std::size_t const wide = columns(text);
    std::size_t const units = utf16_units(text);
    // Where nothing is there is nothing to go back over; a notebook that is made a page shows each going back as a line.
    if (columns_ > 0) bytes += '\r';
    bytes += text;
    bytes.append(std::max(missing(columns_, wide), missing(units_, units)), ' ');
    columns_ = wide;
    units_ = units;
}

std::string carriage_line::redraw(std::vector<std::string> const& above, std::string const& line) {
    std::string bytes;
    for (std::string const& each : above) {
        put(bytes, each);
        bytes += '\n';
        columns_ = units_ = 0;
    }
    if (!line.empty()) {
        put(bytes, line);
    } else if (columns_ > 0) {
        put(bytes, {});
        bytes += '\r';
    }
    return bytes;
}

}  // namespace frond::hooks::detail
