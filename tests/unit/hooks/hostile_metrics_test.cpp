// Whatever nodes are called, what a scraper reads is well formed.
#include "../../catch.hpp"

#include "frond/hooks/metrics.hpp"

#include "hostile_names.hpp"
#include "hostile_run.hpp"
#include "scraped.hpp"

#include <algorithm>
#include <cstddef>
#include <regex>
#include <sstream>
#include <string>

namespace {

std::string scrape(std::string const& name) {
    scraped from;
    frond::hooks::metrics hook(from.registry, frond::hooks::metrics_options().plan(name));
    frond::hooks::duration_metrics durations(from.registry, frond::hooks::duration_metrics_options().plan(name));
    hostile::run(name, [] {}, hook, durations);
    return from.text();
}

}  // namespace

TEST_CASE("a name is the value of a label, and writes no line of its own") {
    // Outside of quotes, as the format says; inside of them a backslash escapes what follows.
    std::regex const line("(# (HELP|TYPE) frond_[a-z_]+ .*|frond_[a-z_]+(\\{([a-z]+=\"\",?)+\\})? [0-9.e+-]+)");
    std::string const harmless = hostile::without_quoted(scrape("name"), true);
    for (auto const& each : hostile::texts()) {
        INFO(each.what);
        std::string const text = scrape(each.bytes);
        CHECK(hostile::harm_in(text) == "");
        std::istringstream lines(hostile::without_quoted(text, true));
        std::size_t count = 0;
        for (std::string read; std::getline(lines, read); ++count) {
            CAPTURE(read);
            CHECK(std::regex_match(read, line));
        }
        CHECK(count == static_cast<std::size_t>(std::count(harmless.begin(), harmless.end(), '\n')));
    }
}
