// Reads the lines of a log, and checks that they keep to the schema.
#pragma once

#include "../../catch.hpp"

#include "json_schema.hpp"
#include "scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace log_lines {

/// The schema in docs/event_log.schema.json.
inline json_schema const& schema() {
    static json_schema const read(nlohmann::json::parse(text_of(SOURCE_ROOT "/docs/event_log.schema.json")));
    return read;
}

/// The lines of a log, each of which is JSON in ASCII that the schema allows.
inline std::vector<nlohmann::json> lines_of(std::string const& text) {
    std::vector<nlohmann::json> made;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
        made.push_back(nlohmann::json::parse(line));
        CHECK(schema().allows(made.back()));
        std::string const kind = made.back().at("event");
        CHECK(schema().allows(made.back().contains("lines_lost") ? "lines_lost" : kind, made.back()));
    }
    CHECK((text.empty() || text.back() == '\n'));
    return made;
}

/// The lines that tell of this event.
inline std::vector<nlohmann::json> of_kind(std::vector<nlohmann::json> const& lines, std::string const& event) {
    std::vector<nlohmann::json> made;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(made),
                 [&](nlohmann::json const& line) { return line.at("event") == event; });
    return made;
}

}  // namespace log_lines
