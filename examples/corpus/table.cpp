#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace corpus {

namespace {

/// A name that comes from a file system, without what could disturb a terminal.
std::string shown(std::string_view name) {
    std::string text;
    for (char const c : name) {
        auto const byte = static_cast<unsigned char>(c);
        text += byte < 0x20 || byte == 0x7F ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
    }
    return text;
}

using cells = std::array<std::string, 6>;

cells cells_of(extension_counts const& row, std::string name) {
    return {std::move(name),
            fmt::format("{}", row.files),
            fmt::format("{}", row.bytes),
            fmt::format("{}", row.lines),
            fmt::format("{}", row.words),
            fmt::format("{}", row.distinct)};
}

}  // namespace

std::string table(totals const& of, std::size_t top) {
    std::vector<cells> rows = {{"extension", "files", "bytes", "lines", "words", "distinct"}};
    std::size_t const listed = std::min(top, of.extensions.size());
    for (std::size_t i = 0; i < listed; ++i) {
        auto const& row = of.extensions[i];
        rows.push_back(cells_of(row, row.extension.empty() ? "(none)" : shown(row.extension)));
    }
    if (listed < of.extensions.size()) {
        extension_counts rest;
        for (std::size_t i = listed; i < of.extensions.size(); ++i) {
            rest.files += of.extensions[i].files;
            rest.bytes += of.extensions[i].bytes;
            rest.lines += of.extensions[i].lines;
            rest.words += of.extensions[i].words;
        }
        rows.push_back(cells_of(rest, fmt::format("({} others)", of.extensions.size() - listed)));
        rows.back().back().clear();  // words that two extensions share are not told apart
    }
    rows.push_back(cells_of(of.all, "total"));

    std::array<std::size_t, 6> widths{};
    for (cells const& row : rows) {
        for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (cells const& row : rows) {
        std::string line = fmt::format("{:<{}}", row[0], widths[0]);
        for (std::size_t i = 1; i < widths.size(); ++i) line += fmt::format("  {:>{}}", row[i], widths[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string problems(totals const& of) {
    std::string text;
    for (auto const& one : of.problems) {
        text += fmt::format("cannot read {}: {}\n", shown(one.path.string()), one.problem.message());
    }
    if (of.problem_count > of.problems.size()) {
        text += fmt::format("cannot read {} more\n", of.problem_count - of.problems.size());
    }
    return text;
}

}  // namespace corpus
