// Texts of any length in a log: each is told in full once, and can be found from every other line.
#include "../../catch.hpp"

#include "frond/frond.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/hooks/event_log.hpp"
#include "frond/hooks/replay.hpp"
#include "frond/run/named_plan.hpp"

#include "log_lines.hpp"
#include "patience.hpp"
#include "scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using frond::hooks::event_log_with_nodes;
using log_lines::lines_of;
using log_lines::of_kind;
using nlohmann::json;

namespace {

constexpr std::size_t length = 100'000;
constexpr int children = 8;

/// Two-byte characters behind one byte, so that a cut after an even number of bytes would split one.
std::string long_key(int of) {
    std::string made(1, static_cast<char>('a' + of));
    while (made.size() < length) made += "\u00e9";
    return made;
}

namespace keyed {

frond::expander<int> block() {
    for (int i = 0; i < 2; ++i) co_yield frond::child(long_key(i), i);
}
frond::expander<int> item(frond::in<block> b) {
    for (int i = 0; i < children / 2; ++i) co_yield frond::child(long_key(children / 2 * *b + i), i);
}
int read(frond::in<item> i) {
    if (*i == 1) throw std::runtime_error("cannot read " + long_key(*i));
    return *i;
}
int of_block(frond::all_results<read> all) { return static_cast<int>(all.size()); }
int total(frond::all<of_block> all) { return static_cast<int>(all.size()); }

}  // namespace keyed

namespace failing {

frond::expander<int> item() { co_yield frond::child(long_key(1), 1); }
int read(frond::in<item>) { throw std::runtime_error(long_key(2)); }
int total(frond::all<read> all) { return static_cast<int>(all.size()); }

}  // namespace failing

/// The key of a line's child in full, as the schema says where it is.
std::string full_key(std::vector<json> const& lines, json const& of) {
    json const grouping = of_kind(lines, "after_grouping").at(0);
    auto const scope = grouping.at("specs").at(of.at("spec").get<std::size_t>()).at("scope").get<std::size_t>();
    for (json const& yield : of_kind(lines, "on_yield")) {
        json child = yield.value("child", json::array());
        child.push_back(yield.at("index"));
        if (yield.at("spec") == grouping.at("scopes").at(scope).at("spec") && child == of.at("child")) {
            return yield.at("index_key");
        }
    }
    return {};
}

std::size_t mentions(std::string const& log, std::string const& text) {
    std::size_t count = 0;
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a long key is in the log once, and is found from every line of its child") {
    std::ostringstream out;
    event_log_with_nodes log(out);
    REQUIRE(run_patiently<keyed::total>(log));
    auto const lines = lines_of(out.str());
    std::size_t cut = 0;
    for (json const& line : lines) {
        if (line.at("event") != "on_yield" && line.at("event") != "after_task") CHECK(line.dump().size() < 8'000);
        if (!line.contains("key_bytes")) continue;
        std::string const full = full_key(lines, line);
        CHECK(full.size() == line.at("key_bytes"));
        CHECK(line.at("key") == full.substr(0, 255));  // what would split a character is left out
        ++cut;
    }
    CHECK(cut > 4 * children);
    // Each key, and the message of each child that fails.
    std::string escaped;
    for (std::size_t i = 0; i < length / 4; ++i) escaped += "\\u00e9";
    CHECK(mentions(out.str(), "a" + escaped) == 2);
    CHECK(mentions(out.str(), "b" + escaped) == 2 + 2);
    CHECK(mentions(out.str(), "h" + escaped) == 1);
    std::istringstream again(out.str());
    frond::hooks::replay read;
    read.add_all(again);
    CHECK(read.lines_left_out() == 0);
    CHECK(read.runs().at(0).counted.expansions.at(1).children.failed == 2);
}

TEST_CASE("a long message is in full where its task ends, and has its beginning elsewhere") {
    std::ostringstream out;
    event_log_with_nodes log(out);
    auto const outcome = run_patiently<failing::total>(log);
    REQUIRE_FALSE(outcome);
    auto const lines = lines_of(out.str());
    auto const failures = [&](std::string const& event) {
        std::vector<json> made;
        for (json const& line : of_kind(lines, event)) {
            if (line.contains("failure")) made.push_back(line.at("failure"));
        }
        return made;
    };
    CHECK(failures("after_task").at(0).at("message") == long_key(2));
    CHECK_FALSE(failures("after_task").at(0).contains("message_bytes"));
    for (auto const* const event : {"after_node", "after_run"}) {
        json const cut = failures(event).at(0);
        CHECK(cut.at("message_bytes") == long_key(2).size());
        CHECK(cut.at("message") == long_key(2).substr(0, 4095));
        CHECK(cut.at("task") == outcome.error().raw_task());
    }
    CHECK(outcome.error().raw_task().size() < 400);
}

TEST_CASE("an error that no line of a task tells is told in full by the run's last line") {
    std::ostringstream out;
    event_log_with_nodes log(out);
    frond::run_event end;
    end.run_id = 1;
    end.plan = patient_plan<failing::total>().get();
    end.failure = frond::error(frond::errc::node_failed, long_key(3));
    log.after_run(end);
    CHECK(lines_of(out.str()).at(0).at("failure").at("message") == long_key(3));
}

TEST_CASE("a long name is in full in the lines that say what a run is made of, and there alone") {
    std::string const name(length, 'n');
    frond::graph_builder made;
    made.add(name, [] { return 1; }, {});
    auto built = std::move(made).build();
    REQUIRE(built);
    frond::plan_options options;
    options.wanted = {name};
    auto const plan = frond::plan_for(std::move(built).value(), options);
    REQUIRE(plan);
    std::ostringstream out;
    event_log_with_nodes log(out);
    REQUIRE(frond::run_blocking(plan, log));
    for (json const& line : lines_of(out.str())) {
        bool const whole =
            line.at("event") == "before_run" || line.at("event") == "after_grouping" || line.at("event") == "after_run";
        CHECK((line.dump().size() > length) == whole);
    }
}
