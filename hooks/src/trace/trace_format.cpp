#include "trace_format.hpp"

#include "../text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_bytes = 1024;  // that are looked at
constexpr std::size_t most_columns = 300;

void append_micros(std::string& to, trace_time at) {
    fmt::format_to(std::back_inserter(to), "{}.{:03}", at / 1000, at % 1000);
}

}  // namespace

json_text json_string(std::string_view hostile) {
    auto const shown = cut(printable(hostile.substr(0, most_bytes), true), most_columns, true);
    return {nlohmann::json(shown).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)};
}

void json_members::member(std::string_view name) {
    if (!text_.empty()) text_ += ',';
    text_.append(1, '"').append(name).append("\":");
}

json_members& json_members::add(std::string_view name, json_text const& value) {
    member(name);
    text_ += value.text;
    return *this;
}

json_members& json_members::add(std::string_view name, std::uint64_t value) {
    member(name);
    text_ += std::to_string(value);
    return *this;
}

json_members& json_members::add(std::string_view name, double value) {
    member(name);
    fmt::format_to(std::back_inserter(text_), "{:.3f}", value);
    return *this;
}

void append(std::string& to, trace_event const& event) {
    fmt::format_to(std::back_inserter(to),
                   "{{\"ph\":\"{}\",\"name\":{},\"pid\":{},\"tid\":{},\"ts\":", static_cast<char>(event.phase),
                   event.name, event.process, event.thread);
    append_micros(to, event.at);
    if (event.lasted) {
        to += ",\"dur\":";
        append_micros(to, *event.lasted);
    }
    if (!event.category.empty()) to.append(",\"cat\":").append(event.category);
    if (event.id) fmt::format_to(std::back_inserter(to), ",\"id\":\"0x{:x}\"", *event.id);
    if (event.phase == trace_phase::flow_end) to += ",\"bp\":\"e\"";
    if (event.phase == trace_phase::instant) to.append(",\"s\":\"").append(event.thread != 0 ? "t\"" : "p\"");
    if (!event.args.empty()) to.append(",\"args\":{").append(event.args).append("}");
    to += '}';
}

}  // namespace frond::hooks::detail
