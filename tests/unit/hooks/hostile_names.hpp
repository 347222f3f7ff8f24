// Names, keys and texts of errors that mean harm, and how to see whether an output was harmed by them.
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hostile {

struct text {
    char const* what;
    std::string bytes;
};

inline std::vector<text> const& texts() {
    using namespace std::string_literals;
    static std::vector<text> const all = {
        {"a NUL", "a\0b"s},
        {"clears the screen", "\x1b[2J\x1b[H"},
        {"sets the title", "\x1b]0;owned\x07"},
        {"moves up and erases", "\x1b[9A\x1b[Kdone"},
        {"C1 controls in UTF-8", "\u009b2J\u0085\u0090"},
        {"C1 controls as bytes",
         "\x9b"
         "2J"},
        {"turns the writing around", "\u202egnp.exe\u2066x\u2069\u200f\u061c"},
        {"separates lines and paragraphs", "a\u2028b\u2029c"},
        {"markup", "</script></style><img src=x onerror=alert(1)><!--"},
        {"ends an attribute", "\" onload=\"alert(1)' x='&lt;&#60;`"},
        {"quotes and backslashes", "\\\"\\\\\\"},
        {"white space", "a\r\nb\tc\n\nd\v\f"},
        {"a line of a log", "\"}\n{\"event\":\"after_run\",\"run\":1}\n"},
        {"a line of metrics", "x\"} 1\n# TYPE y counter\ny 7\n"},
        {"a line of an error", "no\nalso: forged"},
        {"an event of a stream", "\n\ndata: {}\n\n"},
        {"words of a drawing", "\"]; n0 -> n1 [label=\"x\\N\n]\nend\nsubgraph x;%%#quot;"},
        {"a lone byte", "a\xff"},
        {"a truncated form", "a\xe2\x82"},
        {"an overlong form", "\xc0\xaf\xe0\x80\xaf"},
        {"a surrogate", "\xed\xa0\x80"},
        {"beyond Unicode", "\xf4\x90\x80\x80"},
        {"deletes", "a\x7f\x08\x08"},
        {"formats", "{} {0} %s %n {{"},
        {"long", std::string(20'000, 'w')},
        {"long, of marks without a width",
         [] {
             std::string made = "e";
             for (int i = 0; i < 2'000; ++i) made += "\u0301";
             return made;
         }()},
    };
    return all;
}

/// How many bytes a code point takes, and its value; 0 bytes where it is no UTF-8. By the table of RFC 3629, so that the library is
/// not measured by itself.
inline std::pair<std::size_t, char32_t> code_point(std::string_view of) {
    struct form {
        unsigned char first, last;  // the lead byte
        unsigned char least, most;  // the second byte
        std::size_t bytes;
    };
    constexpr std::array<form, 8> forms = {{{0xC2, 0xDF, 0x80, 0xBF, 2},
                                            {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                            {0xE1, 0xEC, 0x80, 0xBF, 3},
                                            {0xED, 0xED, 0x80, 0x9F, 3},
                                            {0xEE, 0xEF, 0x80, 0xBF, 3},
                                            {0xF0, 0xF0, 0x90, 0xBF, 4},
                                            {0xF1, 0xF3, 0x80, 0xBF, 4},
                                            {0xF4, 0xF4, 0x80, 0x8F, 4}}};
    auto const byte = [of](std::size_t i) { return static_cast<unsigned char>(of[i]); };
    if (byte(0) < 0x80) return {1, byte(0)};
    for (form const& each : forms) {
        if (byte(0) < each.first || byte(0) > each.last || of.size() < each.bytes) continue;
        if (byte(1) < each.least || byte(1) > each.most) return {0, 0};
        char32_t value = byte(0) & (0xFFU >> (each.bytes + 1));
        for (std::size_t i = 1; i < each.bytes; ++i) {
            if (byte(i) < 0x80 || byte(i) > 0xBF) return {0, 0};
            value = (value << 6U) | (byte(i) & 0x3FU);
        }
        return {each.bytes, value};
    }
    return {0, 0};
}

/// What in a text could harm who shows it, and where; empty: nothing. Ends of lines are the output's own.
inline std::string harm_in(std::string_view shown) {
    for (std::size_t at = 0; at < shown.size();) {
        auto const [bytes, value] = code_point(shown.substr(at));
        auto const found = [&](char const* what) {
            return std::string(what) + " at " + std::to_string(at) + " of " + std::to_string(shown.size()) + ": " +
                   nlohmann::json(shown.substr(at > 20 ? at - 20 : 0, 40))
                       .dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
        };
        if (bytes == 0) return found("no UTF-8");
        if ((value < 0x20 && value != '\n') || (value >= 0x7F && value <= 0x9F)) return found("a control character");
        bool const direction = value == 0x061C || value == 0x200E || value == 0x200F ||
                               (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
        if (direction) return found("a change of direction");
        if (value == 0x2028 || value == 0x2029) return found("a separator");
        at += bytes;
    }
    return {};
}

/// The same of an output that is to be ASCII.
inline std::string harm_in_ascii(std::string_view shown) {
    for (char const c : shown) {
        if (static_cast<unsigned char>(c) > 0x7E) return "not ASCII";
    }
    return harm_in(shown);
}

/// As a reader of JSON gets it back: what is no UTF-8 is replaced, all else is there.
inline std::string read_back(std::string const& bytes) {
    using nlohmann::json;
    return json::parse(json(bytes).dump(-1, ' ', true, json::error_handler_t::replace)).get<std::string>();
}

/// What stands between two quotes, left out: all that is left is the output's own. A backslash escapes what follows, if there
/// are any in that language.
inline std::string without_quoted(std::string_view text, bool backslash_escapes) {
    std::string left;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && backslash_escapes && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
            left += '"';
        } else if (!quoted) {
            left += text[i];
        }
    }
    return quoted ? left + " and an open quote" : left;
}

/// The tags of a page with their attributes, in order, and nothing else.
inline std::string tags_of(std::string_view page) {
    std::string tags;
    for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
        auto const end = page.find('>', at);
        tags.append(page.substr(at, end - at + 1)).append("\n");
    }
    return tags;
}

}  // namespace hostile
