// The files that a C++ file includes, each read once: an expander that is fed by its own children.
//
//     includes FILE [FOLDER...]      looks for an included file beside the file that includes it, and in the folders
#include <frond/frond.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

struct source {
    std::vector<fs::path> includes;  // paths of the included files that were found
    std::size_t lines = 0;
};

frond::expander<fs::path> file(frond::input<"root", fs::path> root, frond::back<"scan", source> found) {
    std::set<fs::path> seen{*root};
    co_yield *root;
    while (auto const more = co_await found.next()) {
        for (auto const& each : more->includes) {
            if (seen.insert(each).second) co_yield each;
        }
    }
}

source scan(frond::in<file> path, frond::input<"folders", std::vector<fs::path>> folders) {
    static std::regex const include(R"re(\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)").*)re");
    std::ifstream text(*path);
    if (!text) throw std::runtime_error("cannot read " + path->string());
    source made;
    for (std::string line; std::getline(text, line); ++made.lines) {
        std::smatch match;
        if (line.find("include") == std::string::npos || !std::regex_match(line, match, include)) continue;
        std::vector<fs::path> places(folders->begin(), folders->end());
        if (match[2].matched) places.insert(places.begin(), path->parent_path());
        for (auto const& folder : places) {
            fs::path const at = folder / (match[2].matched ? match[2] : match[1]).str();
            if (!fs::is_regular_file(at)) continue;
            made.includes.push_back(fs::canonical(at));
            break;
        }
    }
    return made;
}

frond::async<std::pair<std::size_t, std::size_t>> count(frond::each<scan> files) {
    std::pair<std::size_t, std::size_t> sum;
    while (auto const next = co_await files.next()) {
        ++sum.first;
        sum.second += next->lines;
    }
    co_return sum;
}

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: includes FILE [FOLDER...]\n";
        return 2;
    }
    std::error_code missing;
    auto const root = fs::canonical(argv[1], missing);
    if (missing) {
        std::cerr << argv[1] << ": " << missing.message() << '\n';
        return 1;
    }
    std::vector<fs::path> folders(argv + 2, argv + argc);
    auto const outcome =
        frond::run_blocking<count>(frond::arg<"root">(root), frond::arg<"folders">(std::move(folders)));
    if (!outcome) {
        std::cerr << outcome.error().to_string() << '\n';
        return 1;
    }
    std::cout << outcome.value().first << " files, " << outcome.value().second << " lines\n";
}
