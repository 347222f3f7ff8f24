#include "json_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace frond::hooks::detail {

namespace {

bool needs_no_escape(char c) noexcept { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

}  // namespace

void json_writer::value(double number) {
    separate();
    if (std::isfinite(number)) {
        fmt::format_to(std::back_inserter(to_), "{}", number);
    } else {
        to_ += "null";
    }
}

void json_writer::append_escaped(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), needs_no_escape)) {
        to_ += text;
        return;
    }
    auto const quoted = nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    to_.append(quoted, 1, quoted.size() - 2);
}

}  // namespace frond::hooks::detail
