// Writes JSON into a string, on one line and in ASCII, without a tree of values in between.
//
// It keeps no state but the text: whether a comma is needed shows in the last character. Integers are written exactly, however
// large; what is no number (NaN, infinity) becomes null. Thread: one.
#pragma once

#include <charconv>
#include <concepts>
#include <iterator>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

class json_writer {
public:
    /// Appends to `to`, which is empty or ends where a value ends or may begin.
    explicit json_writer(std::string& to) noexcept : to_(to) {}

    void open_object() { open('{'); }
    void open_array() { open('['); }
    void close_object() { to_ += '}'; }
    void close_array() { to_ += ']'; }

    /// The name of a member, which is plain ASCII without quotes.
    void name(std::string_view name) {
        separate();
        to_.append(1, '"').append(name).append("\":");
    }

    template <std::integral Number>
    void value(Number number) {
        static_assert(!std::same_as<Number, bool> && !std::same_as<Number, char>);
        separate();
        append(number);
    }
    void value(bool truth) {
        separate();
        to_ += truth ? "true" : "false";
    }
    void value(double number);
    void value(std::string_view text) {
        separate();
        to_ += '"';
        append_escaped(text);
        to_ += '"';
    }

    void value(char const* text) { value(std::string_view(text)); }
    void value(std::string const& text) { value(std::string_view(text)); }

    template <class Value>
    void member(std::string_view name_of, Value const& value_of) {
        name(name_of);
        value(value_of);
    }

    // ---- pieces of a value that is put together
    /// Without quotes, escaped.
    void append_escaped(std::string_view text);
    template <std::integral Number>
    void append(Number number) {
        char digits[24];
        auto const end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
        to_.append(digits, end);
    }
    /// As it is.
    void append(std::string_view raw) { to_.append(raw); }

private:
    void open(char bracket) {
        separate();
        to_ += bracket;
    }
    void separate() {
        if (to_.empty()) return;
        char const last = to_.back();
        if (last != '{' && last != '[' && last != ':' && last != '\n') to_ += ',';
    }

    std::string& to_;
};

}  // namespace frond::hooks::detail
