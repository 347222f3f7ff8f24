#include "text.hpp"

#include <algorithm>
#include <iterator>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_bytes_a_column = 8;

struct range {
    char32_t first;
    char32_t last;
};

template <std::size_t Size>
bool among(range const (&ranges)[Size], char32_t value) noexcept {
    auto const* const after = std::upper_bound(std::begin(ranges), std::end(ranges), value,
                                               [](char32_t v, range const& r) { return v < r.first; });
    return after != std::begin(ranges) && value <= std::prev(after)->last;
}

// The common ones of Unicode's combining and format characters.
constexpr range without_width[] = {
    {0x00AD, 0x00AD}, {0x0300, 0x036F},   {0x0483, 0x0489},   {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x0610, 0x061A}, {0x064B, 0x065F},   {0x0670, 0x0670},   {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C},
    {0x0941, 0x0948}, {0x094D, 0x094D},   {0x0E31, 0x0E31},   {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200D},   {0x2060, 0x2064},   {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF},
};

// Unicode's East Asian Wide and Fullwidth, and emoji that are shown as such.
constexpr range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x2614, 0x2615},
    {0x26A1, 0x26A1},   {0x2705, 0x2705},   {0x274C, 0x274C},   {0x2753, 0x2755},   {0x2B50, 0x2B50},
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F3FA}, {0x1F400, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

std::size_t columns_of(char32_t value) noexcept {
    if (value < 0x80) return 1;
    if (among(without_width, value)) return 0;
    return among(two_columns, value) ? 2 : 1;
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
    std::size_t width = 0;
    while (!text.empty()) {
        auto const [value, bytes] = frond::detail::first_code_point(text);
        width += bytes == 0 ? 1 : columns_of(value);
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return width;
}

namespace {

std::string_view ellipsis(bool utf8) noexcept { return utf8 ? "\u2026" : "~"; }

/// The bytes that at most `width` columns of the text take, from its beginning.
std::size_t bytes_within(std::string_view text, std::size_t width) noexcept {
    std::size_t const most = most_bytes_a_column * (width + 1);
    std::size_t kept = 0;
    for (std::size_t used = 0; kept < text.size();) {
        auto const [value, bytes] = frond::detail::first_code_point(text.substr(kept));
        used += bytes == 0 ? 1 : columns_of(value);
        std::size_t const next = kept + std::max<std::size_t>(bytes, 1);
        if (used > width || next > most) break;
        kept = next;
    }
    return kept;
}

/// The end of the text that takes at most `width` columns.
std::string_view end_within(std::string_view text, std::size_t width) noexcept {
    std::string_view end = text.substr(text.size() - std::min(text.size(), most_bytes_a_column * width));
    auto const is_inside = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; };
    while (!end.empty() && is_inside(end.front())) end.remove_prefix(1);
    while (columns(end) > width)
        end.remove_prefix(std::max<std::size_t>(frond::detail::first_code_point(end).bytes, 1));
    return end;
}

bool fits(std::string_view text, std::size_t width) noexcept {
    return text.size() <= most_bytes_a_column * width && columns(text) <= width;
}

}  // namespace

std::string cut(std::string_view text, std::size_t width, bool utf8) {
    if (fits(text, width)) return std::string(text);
    if (width == 0) return {};
    return std::string(text.substr(0, bytes_within(text, width - 1))).append(ellipsis(utf8));
}

std::string cut_middle(std::string_view text, std::size_t width, bool utf8) {
    if (fits(text, width)) return std::string(text);
    if (width == 0) return {};
    std::size_t const head = (width - 1) / 3;
    std::string_view const begin = text.substr(0, bytes_within(text, head));
    return std::string(begin).append(ellipsis(utf8)).append(end_within(text, width - 1 - head));
}

}  // namespace frond::hooks::detail
