// How a report is told: a table that fits, JSON that is JSON, a page in which names do no harm.
#include "../../catch.hpp"

#include "frond/base/error.hpp"
#include "text.hpp"
#include "timing/html_text.hpp"
#include "timing/words.hpp"
#include "told_run.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>

using namespace samples;
using namespace frond::hooks;
using frond::hooks::detail::html_text;
using frond::hooks::detail::point_text;
using frond::hooks::detail::time_text;

namespace {

// Ends a script, an attribute and a comment, clears a screen, turns the writing around, and is no UTF-8.
std::string const hostile =
    "</style><script>alert(1)</script>\"onload='x'-->\n\x1b[2J\u202e\u2028\xff\xc3&lt;" + std::string(300, 'w');

run_timing of_hostile_names() {
    one_expansion plan(frond::trigger::opened, "block-" + hostile);
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.begins(run.id(plan.collect), 0ms);
    for (std::uint64_t i = 0; i < 300; ++i) {
        run.yields(run.id(plan.expand), i, 1ms);
        run.does(run.id(plan.block, {i}, hostile), 2ms, 5ms + 1us * static_cast<int>(i));
    }
    run.ends(run.id(plan.expand), 6ms);
    run.ends(run.id(plan.collect), 8ms);
    run.over(9ms, frond::error(frond::errc::node_failed, hostile).at(hostile, hostile), 12345);
    return report.timing();
}

bool is_utf8_without_controls(std::string const& text) {
    std::string kept;
    for (char const c : text) {
        if (c != '\n') kept += c;
    }
    return detail::printable(kept, true) == kept;
}

std::size_t count(std::string const& text, std::string const& of) {
    std::size_t found = 0;
    for (auto at = text.find(of); at != std::string::npos; at = text.find(of, at + of.size())) ++found;
    return found;
}

}  // namespace

TEST_CASE("durations are told with three digits and take seven columns") {
    CHECK(time_text(0ns) == "0");
    CHECK(time_text(999ns) == "999 ns");
    CHECK(time_text(1234ns) == "1.23 us");
    CHECK(time_text(99'960ns) == "100 us");
    CHECK(time_text(999'600ns) == "1.00 ms");
    CHECK(time_text(45'600ms) == "45.6 s");
    CHECK(time_text(754s) == "12m 34s");
    CHECK(time_text(12'300s) == "3h 25m");
    CHECK(time_text(24h * 17 + 4h) == "17d 4h");
    CHECK(time_text(1500ns, "\u00b5") == "1.50 \u00b5s");
}

TEST_CASE("points of time are told to a ten thousandth of the run") {
    CHECK(point_text(0ns, 2s) == "0.0000 s");
    CHECK(point_text(1'023'456us, 2s) == "1.0235 s");
    CHECK(point_text(7'123'456ns, 541ms) == "7.12 ms");
    CHECK(point_text(35ns, 800ns) == "35 ns");
}

TEST_CASE("the table fits 100 columns, and a name changes nothing but its own place") {
    std::string const text = to_text(of_hostile_names());
    CHECK(is_utf8_without_controls(text));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(detail::columns(line) <= 100);
    }
}

TEST_CASE("the table tells what was measured") {
    one_expansion plan;
    timing_report report;
    told_run run(report, plan.by_hand.get());
    run.begins(run.id(plan.expand), 0ms);
    run.yields(run.id(plan.expand), 0, 10ms);
    run.ends(run.id(plan.expand), 10ms);
    run.does(run.id(plan.block, {0}, "a"), 20ms, 80ms);
    run.does(run.id(plan.collect), 80ms, 99ms);
    run.over(100ms);
    std::string const text = report.text();
    CHECK(text.starts_with("timing of run 1: succeeded after 100 ms; 3 tasks timed\n"));
    CHECK(text.find("critical path: 89.0 ms at work, 10.0 ms waiting\n") != std::string::npos);
    CHECK(text.find("  20.00 ms  60.0 ms    expand-file.0[a].block-file\n") != std::string::npos);
    CHECK(text.find("thread 1  79.0 %  79.0 ms      2\n") != std::string::npos);
}

TEST_CASE("JSON is ASCII, one value, and gives names back") {
    std::string const told = to_json(of_hostile_names());
    CHECK(std::all_of(told.begin(), told.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    auto const json = nlohmann::json::parse(told);
    CHECK(json["outcome"] == "failed");
    CHECK(json["elapsed_ns"] == 9'000'000);
    CHECK(json["events_dropped"] == 12345);
    CHECK(json["specs"][1]["tasks"]["count"] == 300);
    CHECK(json["specs"][1]["expander"] == 0);
    CHECK(json["specs"][0]["expander"].is_null());
    CHECK(json["slowest"].size() == 10);
    CHECK(json["slowest"][0]["took_ns"] == 3'299'000);
    CHECK(
        json["slowest"][0]["key"].get<std::string>().starts_with("</style><script>alert(1)</script>\"onload='x'-->\n"));
    CHECK(json["critical_path"].size() == 4);
    CHECK(json["timeline"].size() <= 3 * 128);
}

TEST_CASE("on the page a name is text, and nothing comes from elsewhere") {
    std::string const page = to_html(of_hostile_names());
    CHECK(is_utf8_without_controls(page));
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("</style><") == std::string::npos);
    CHECK(count(page, "<style>") == 1);
    CHECK(count(page, "</style>") == 1);
    CHECK(page.find("\"onload") == std::string::npos);
    CHECK(page.find("onload='") == std::string::npos);
    CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;onload=&#39;x&#39;--&gt;") != std::string::npos);
    CHECK(page.find("http://") == std::string::npos);
    CHECK(page.find("https://") == std::string::npos);
    CHECK(page.find("src=") == std::string::npos);
    CHECK(page.find("url(") == std::string::npos);
    CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("every element of the page is closed") {
    std::string const page = to_html(of_hostile_names());
    for (std::string const name : {"div", "section", "table", "tr", "td", "th", "p", "svg", "title", "bdi", "span",
                                   "small", "i", "b", "path", "pre"}) {
        INFO(name);
        CHECK(count(page, "<" + name + " ") + count(page, "<" + name + ">") == count(page, "</" + name + ">"));
    }
}

TEST_CASE("a name of any size takes little room on the page") {
    CHECK(html_text(std::string(10'000'000, 'x')).size() < 200);
    std::string marks = "e";
    for (int i = 0; i < 100'000; ++i) marks += "\u0301";
    CHECK(html_text(marks).size() < 2000);
    CHECK(html_text("caf\u00e9", 4) == "caf\u00e9");
}

TEST_CASE("nothing has been told yet: all three say so without harm") {
    timing_report report;
    CHECK(report.text().starts_with("timing of run 0: running for 0; 0 tasks timed\n"));
    CHECK(nlohmann::json::parse(report.json())["specs"].empty());
    CHECK(report.html().ends_with("</html>\n"));
}
