#include "html_text.hpp"

#include "../text.hpp"

namespace frond::hooks::detail {

std::string html_text(std::string_view text, std::size_t width) {
    std::string made;
    // A column is 4 bytes at most, but for marks without a width: as many of those as anyone likes are of no use either.
    for (char const c : cut(printable(text.substr(0, 8 * width), true), width, true)) {
        switch (c) {
            case '&': made += "&amp;"; break;
            case '<': made += "&lt;"; break;
            case '>': made += "&gt;"; break;
            case '"': made += "&quot;"; break;
            case '\'': made += "&#39;"; break;
            default: made += c;
        }
    }
    return made;
}

std::string html_name(std::string_view text, std::size_t width) { return "<bdi>" + html_text(text, width) + "</bdi>"; }

}  // namespace frond::hooks::detail
