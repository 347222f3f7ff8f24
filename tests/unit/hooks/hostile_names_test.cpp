// Whatever nodes, keys and errors are called, no output does harm to who shows or reads it. One list of names, one run for
// each, all outputs.
#include "../../catch.hpp"

#include "frond/base/printable.hpp"
#include "frond/hooks/broadcast.hpp"
#include "frond/hooks/event_log.hpp"
#include "frond/hooks/replay.hpp"
#include "frond/hooks/resources.hpp"
#include "frond/hooks/terminal.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/hooks/trace.hpp"

#include "hostile_names.hpp"
#include "hostile_run.hpp"
#include "memory_file.hpp"
#include "trace_check.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using namespace frond::hooks;
using hostile::harm_in;
using hostile::harm_in_ascii;
using nlohmann::json;

namespace {

/// All that a run tells outside.
struct told {
    std::string name;
    std::string drawn;  // the terminal
    std::string plain;
    std::string log;
    std::string trace;
    run_timing timing;
    std::vector<std::string> updates;  // of the broadcast
    frond::error failure;
    std::string dot;
    std::string mermaid;
    std::string graph;
};

told all_of(std::string const& name) {
    memory_file drawn;
    memory_file plain;
    std::ostringstream log;
    std::ostringstream trace;
    told made;
    made.name = name;
    {
        terminal draws(terminal_options().mode(terminal_mode::tty).output(drawn.descriptor()));
        terminal prints(terminal_options().mode(terminal_mode::plain).output(plain.descriptor()));
        event_log_with_nodes logs(log);
        node_trace traces(trace, trace_options().memory(false));
        timing_report times;
        broadcast tells;
        auto subscriber = tells.subscribe();
        auto const take_one = [&] { made.updates.push_back(by_hand::run(subscriber.next()).value()); };
        made.failure = hostile::run(name, take_one, draws, prints, logs, traces, times, tells);
        made.timing = times.timing();
        tells.close();
        while (auto update = by_hand::run(subscriber.next())) made.updates.push_back(*update);
    }
    made.drawn = drawn.take();
    made.plain = plain.take();
    made.log = log.str();
    made.trace = trace.str();
    gates waits;
    auto const graph = hostile::graph_of(name, waits);
    made.dot = frond::to_dot(graph);
    made.mermaid = frond::to_mermaid(graph);
    made.graph = frond::to_json(graph);
    return made;
}

/// What a name that means no harm leads to.
told const& harmless() {
    static told const made = all_of("name");
    return made;
}

/// Tells a test of each name's outputs.
void for_each_name(std::function<void(told const&)> const& test) {
    static std::vector<told> const all = [] {
        std::vector<told> made;
        for (auto const& each : hostile::texts()) made.push_back(all_of(each.bytes));
        return made;
    }();
    for (std::size_t i = 0; i < all.size(); ++i) {
        INFO(hostile::texts()[i].what);
        test(all[i]);
    }
}

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> made;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) made.push_back(line);
    return made;
}

std::string without(std::string_view text, std::string_view what) {
    std::string left;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
        left += text.substr(0, at);
        text.remove_prefix(at + what.size());
    }
    return left.append(text);
}

/// What is written to a terminal without what the display itself moves the cursor by.
std::string without_moves(std::string text) {
    for (char const* const own : {"\x1b[?25l\r", "\x1b[K\r", "\x1b[J\x1b[?25h"}) text = without(text, own);
    for (int up = 1; up <= 8; ++up) text = without(text, "\x1b[" + std::to_string(up) + "A");
    return text;
}

/// Calls it with every string in a document, names of members too.
void for_each_string(json const& in, std::function<void(std::string const&)> const& use) {
    if (in.is_string()) use(in.get_ref<std::string const&>());
    if (!in.is_structured()) return;
    for (auto const& [key, value] : in.items()) {
        use(key);
        for_each_string(value, use);
    }
}

}  // namespace

TEST_CASE("the list of names does harm where nothing is escaped") {
    std::size_t harming = 0;
    for (auto const& each : hostile::texts()) harming += !harm_in(each.bytes).empty();
    CHECK(harming == 15);  // the others mean harm to a page, a quoted string or a line, or are long
    CHECK(harm_in("caf\u00e9 \u6f22\u5b57 \U0001F33F\n").empty());
}

TEST_CASE("a name moves no cursor, and takes no more than its place on a terminal") {
    for_each_name([](told const& of) {
        std::string const shown = without_moves(of.drawn);
        CHECK(harm_in(shown) == "");
        CHECK(shown.find("1/3") != std::string::npos);  // what a body tells of itself
        for (auto const& line : lines_of(shown)) CHECK(line.size() < 8 * 2'000);
        // As many lines as for a harmless one.
        CHECK(lines_of(shown).size() == lines_of(without_moves(harmless().drawn)).size());
    });
}

TEST_CASE("a name breaks no line of a plain display") {
    for_each_name([](told const& of) {
        CHECK(harm_in(of.plain) == "");
        auto const lines = lines_of(of.plain);
        REQUIRE(lines.size() == lines_of(harmless().plain).size());
        for (auto const& line : lines) {
            CHECK((line.rfind("run ", 0) == 0 || line.rfind("failed: ", 0) == 0));
            CHECK(line.size() < 8 * 2'000);
        }
    });
}

TEST_CASE("a name is told whole by the log, and forges no line") {
    for_each_name([](told const& of) {
        CHECK(harm_in_ascii(of.log) == "");
        std::string const read = hostile::read_back(of.name);
        std::string const beginning(frond::detail::beginning(of.name, 256));
        std::size_t keys = 0;
        std::size_t errors = 0;
        auto const lines = lines_of(of.log);
        CHECK(lines.size() == lines_of(harmless().log).size());
        for (auto const& line : lines) {
            json const event = json::parse(line);
            if (event.contains("key")) keys += event["key"] == hostile::read_back(beginning);
            CHECK(event.value("key_bytes", of.name.size()) == of.name.size());
            if (event.contains("index_key")) keys += event["index_key"] == read;
            if (event.contains("failure")) errors += event["failure"]["message"] == read;
        }
        CHECK(keys > 2 + 4);
        CHECK(errors > 2 + 2);  // of attempts, of tasks and of the run
        std::istringstream again(of.log);
        replay log;
        log.add_all(again);
        CHECK(log.lines_left_out() == 0);
        REQUIRE(log.runs().size() == 1);
        CHECK(log.runs()[0].counted.expansions.at(0).name == frond::printable(hostile::read_back(of.name + "outer")));
        CHECK(log.runs()[0].counted.expansions.at(1).children.failed == 2);
    });
}

TEST_CASE("a name in a trace is text that may be shown, and changes nothing else") {
    for_each_name([](told const& of) {
        CHECK(harm_in_ascii(of.trace) == "");
        read_trace const read(of.trace);
        CHECK(read.faults() == std::vector<std::string>());
        CHECK(read.size() == read_trace(harmless().trace).size());
        for_each_string(json::parse(of.trace), [](std::string const& each) {
            CHECK(harm_in(each) == "");
            CHECK(each.size() < 10'000);
        });
    });
}

TEST_CASE("a name takes its place in a table of times, and no other") {
    for_each_name([](told const& of) {
        std::string const text = to_text(of.timing);
        CHECK(harm_in(text) == "");
        auto const lines = lines_of(text);
        CHECK(lines.size() == lines_of(to_text(harmless().timing)).size());
        for (auto const& line : lines) CHECK(line.size() < 2'000);
        std::string const report = to_json(of.timing);
        CHECK(harm_in_ascii(report) == "");
        CHECK(json::parse(report)["expansions"][0]["name"] == hostile::read_back("expand-" + of.name + "outer"));
    });
}

TEST_CASE("a name is nothing but text on a page") {
    for_each_name([](told const& of) {
        std::string const page = to_html(of.timing);
        CHECK(harm_in(page) == "");
        CHECK(hostile::tags_of(page) == hostile::tags_of(to_html(harmless().timing)));
    });
}

TEST_CASE("a name ends no event of a stream, and no script that holds it") {
    for_each_name([](told const& of) {
        CHECK(of.updates.size() == harmless().updates.size());
        bool bodies = false;
        for (auto const& update : of.updates) {
            CHECK(harm_in_ascii(update) == "");
            CHECK(update.find_first_of("<>&\n") == std::string::npos);
            json const read = json::parse(update);
            if (read.contains("bodies")) bodies = bodies || !read["bodies"].empty();
        }
        CHECK(bodies);
        std::string const message = json::parse(of.updates.back())["failure"]["message"];
        CHECK(harm_in(message) == "");
        CHECK(message.size() <= 4096 + 3);
    });
}

TEST_CASE("a name leaves the summary of what a process took on its line") {
    for_each_name([](told const& of) {
        resource_summary taken;
        taken.shares = {{of.name, 2s}, {"other", 1s}};
        std::string const text = to_string(taken);
        CHECK(harm_in(text) == "");
        CHECK(text.find('\n') == std::string::npos);
        CHECK(text.size() < 1'000);
        CHECK(text.find(" 2.0 s, other 1.0 s") != std::string::npos);
    });
}

TEST_CASE("a name is a label of a drawing, and draws nothing") {
    for_each_name([](told const& of) {
        CHECK(harm_in(of.dot) == "");
        CHECK(hostile::without_quoted(of.dot, true) == hostile::without_quoted(harmless().dot, true));
        CHECK(hostile::without_quoted(of.mermaid, false) == hostile::without_quoted(harmless().mermaid, false));
        CHECK(harm_in(of.mermaid) == "");
        CHECK(without(of.mermaid, "<br/>").find('<') == std::string::npos);  // Mermaid reads HTML in its quotes
        CHECK(harm_in_ascii(of.graph) == "");
        CHECK(json::parse(of.graph)["nodes"][0]["name"] == hostile::read_back(of.name + "count"));
    });
}

TEST_CASE("an error's text may be shown, and none of its lines pass for another error") {
    for_each_name([](told const& of) {
        CHECK(of.failure.raw_message() == of.name);
        CHECK(harm_in(of.failure.message()) == "");
        std::string const text = of.failure.to_string();
        CHECK(harm_in(text) == "");
        auto const lines = lines_of(text);
        CHECK(std::count_if(lines.begin(), lines.end(), [](auto const& line) { return line.rfind("    ", 0) != 0; }) ==
              1);
    });
}
