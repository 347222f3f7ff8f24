// Trace events as text: one JSON object each, in ASCII, whatever the names are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

/// Text that is JSON already.
struct json_text {
    std::string text;
};

/// A string from outside: printable, no longer than a few hundred characters.
json_text json_string(std::string_view hostile);

/// The members of an object, without its braces.
class json_members {
public:
    json_members& add(std::string_view name, json_text const& value);
    json_members& add(std::string_view name, std::uint64_t value);
    /// With three digits behind the point.
    json_members& add(std::string_view name, double value);
    std::string const& text() const noexcept { return text_; }

private:
    void member(std::string_view name);
    std::string text_;
};

/// A moment in nanoseconds since the file's zero.
using trace_time = std::int64_t;

enum class trace_phase : char {
    complete = 'X',     // a slice of a lane
    async_begin = 'b',  // a slice of a track of its own,
    async_end = 'e',    // with the same category and id
    flow_begin = 's',   // an arrow, from the slice that is there on the lane
    flow_end = 'f',     // to the one that is there
    counter = 'C',
    instant = 'i',
    metadata = 'M',
};

struct trace_event {
    trace_phase phase{};
    std::string_view name{};      // JSON
    std::string_view category{};  // JSON; empty: none
    trace_time at = 0;
    std::optional<trace_time> lasted{};
    std::uint64_t process = 0;
    std::uint64_t thread = 0;           // 0: the process as a whole
    std::optional<std::uint64_t> id{};  // of an async slice or a flow
    std::string_view args{};            // JSON members
};

/// Appends the object.
void append(std::string& to, trace_event const& event);

}  // namespace frond::hooks::detail
