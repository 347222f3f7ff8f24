#include "frond/base/printable.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace frond {

namespace {

struct range {
    char32_t first;
    char32_t last;
};

// Controls, line and paragraph separators, and characters that change the direction of writing.
constexpr std::array<range, 6> disturbing = {{
    {0x00, 0x1F},
    {0x7F, 0x9F},
    {0x061C, 0x061C},
    {0x200E, 0x200F},
    {0x2028, 0x202E},
    {0x2066, 0x206F},
}};

bool disturbs(char32_t value) noexcept {
    return std::any_of(disturbing.begin(), disturbing.end(),
                       [value](range const& each) { return each.first <= value && value <= each.last; });
}

/// Appends at least two digits.
void append_hex(std::string& to, char32_t value) {
    std::array<char, 8> digits{};
    char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<unsigned long>(value), 16).ptr;
    if (value < 0x10) to += '0';
    to.append(digits.data(), end);
}

void append_byte(std::string& to, char byte) {
    to += "\\x";
    append_hex(to, static_cast<unsigned char>(byte));
}

}  // namespace

namespace detail {

code_point first_code_point(std::string_view text) noexcept {
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    std::size_t const bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {0, 0};
    char32_t value = lead & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u) return {0, 0};
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    bool const surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < least[bytes] || value > 0x10FFFF || surrogate) return {0, 0};
    return {value, bytes};
}

std::string_view beginning(std::string_view text, std::size_t most_bytes) noexcept {
    if (text.size() <= most_bytes) return text;
    std::size_t const least = most_bytes > 3 ? most_bytes - 3 : 0;
    std::size_t end = most_bytes;
    while (end > least && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    // What goes on for longer is no UTF-8.
    bool const within = (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u;
    return text.substr(0, within ? most_bytes : end);
}

}  // namespace detail

std::string printable(std::string_view text, bool utf8) {
    auto const is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };
    if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        auto const [value, bytes] = detail::first_code_point(text);
        bool const ascii = bytes == 1;
        if (bytes == 0 || (!ascii && !utf8)) {
            append_byte(shown, text[0]);
            text.remove_prefix(1);
            continue;
        }
        if (!disturbs(value)) {
            shown += text.substr(0, bytes);
        } else if (value == '\n' || value == '\t' || value == '\r') {
            shown += value == '\n' ? "\\n" : value == '\t' ? "\\t" : "\\r";
        } else if (ascii) {
            append_byte(shown, text[0]);
        } else {
            shown += "\\u{";
            append_hex(shown, value);
            shown += '}';
        }
        text.remove_prefix(bytes);
    }
    return shown;
}

}  // namespace frond
