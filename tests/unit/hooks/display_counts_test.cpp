// The counts that displays, reports and logs show while a run goes on and when it has ended: those that follow from the graph.
#include "../../catch.hpp"

#include "frond/hooks/event_log.hpp"
#include "frond/hooks/replay.hpp"
#include "frond/hooks/terminal.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/hooks/trace.hpp"

#include "counted_runs.hpp"
#include "listener.hpp"
#include "memory_file.hpp"
#include "trace_check.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace frond::hooks;
using nlohmann::json;

namespace {

using rows = std::map<std::string, std::string>;  // by name: "2/15+"

rows found_by(std::regex const& row, std::string const& text) {
    rows found;
    for (std::sregex_iterator each(text.begin(), text.end(), row), end; each != end; ++each) {
        found[(*each)[1].matched ? (*each)[1].str() : "run"] = (*each)[2];
    }
    return found;
}

/// Of what was drawn last.
rows rows_drawn(std::string const& drawn) {
    auto const begin = drawn.rfind("\x1b[?25l");
    REQUIRE(begin != std::string::npos);
    std::string const lines = std::regex_replace(drawn.substr(begin), std::regex("\x1b\\[[?0-9]*[a-zA-Z]|\r"), "");
    return found_by(std::regex("\n *(\\w+) [^0-9\n]*([0-9]+/[0-9]+\\+?)"), '\n' + lines);
}

/// Of the last line.
rows rows_printed(std::string const& printed) {
    REQUIRE(printed.size() > 1);
    std::string const line = printed.substr(printed.rfind('\n', printed.size() - 2) + 1);
    return found_by(std::regex("(?:: |; (\\w+) )([0-9]+/[0-9]+\\+?)"), line);
}

rows rows_of(expected_progress const& expected) {
    rows made{{"run", expected.row}};
    for (auto const& [name, each] : expected.expansions) made[name] = each.row;
    return made;
}

void check_progress(frond::progress const& now, expected_progress const& expected) {
    REQUIRE(now.specs.size() == expected.specs.size());
    for (auto const& each : now.specs) {
        CAPTURE(each.name);
        CHECK(text_of(each.tasks) == expected.specs.at(each.name).text());
    }
    REQUIRE(now.expansions.size() == expected.expansions.size());
    for (auto const& each : now.expansions) {
        CAPTURE(each.name);
        CHECK(text_of(each.children) == expected.expansions.at(each.name).children.text());
        CHECK(each.total == expected.expansions.at(each.name).total);
    }
}

std::string text_of(json const& counters) {
    return expected_counts{counters["yielded"], counters["running"], counters["succeeded"], counters["failed"]}.text();
}

/// A run that all displays are told of.
class shown_run {
public:
    explicit shown_run(std::shared_ptr<frond::plan const> const& plan)
        : run_(plan, draws_, prints_, logs_, traces_, times_, tells_) {}

    void expect(expected_progress const& expected) {
        run_.settle();
        INFO("where the run is at " << expected.row);
        check_progress(run_.progress(), expected);
        CHECK(rows_drawn(drawn_.take()) == rows_of(expected));
        CHECK(rows_printed(printed_.take()) == rows_of(expected));
        check_log(expected);
        check_report(times_.timing(), expected);
        check_updates(expected);
        pauses_.push_back(expected);
    }

    void ends() {
        REQUIRE(run_.over());
        check_trace();
    }

private:
    void check_log(expected_progress const& expected) {
        std::istringstream lines(log_.str());
        replay read;
        read.add_all(lines);
        CHECK(read.lines_left_out() == 0);
        REQUIRE(read.runs().size() == 1);
        check_progress(read.runs().front().counted, expected);
    }

    static void check_report(run_timing const& report, expected_progress const& expected) {
        std::uint64_t tasks = 0;
        for (auto const& each : report.specs) {
            CAPTURE(each.name);
            auto const& counts = expected.specs.at(each.name);
            CHECK(each.tasks.count == counts.succeeded + counts.failed);
            CHECK(each.running == counts.running);
            CHECK(each.failed == counts.failed);
            tasks += each.tasks.count;
        }
        CHECK(report.expansions.size() == expected.expansions.size());
        for (auto const& each : report.expansions) {
            CHECK(each.yielded == expected.expansions.at(each.name.substr(sizeof "expand")).children.yielded);
        }
        CHECK(to_text(report).find("; " + std::to_string(tasks) + " tasks timed") != std::string::npos);
    }

    void check_updates(expected_progress const& expected) {
        for (auto const& update : page_reads_.take()) put_together(page_, update);
        for (auto const& each : page_["specs"]) {
            CAPTURE(each["name"]);
            CHECK(text_of(each["tasks"]) == expected.specs.at(each["name"]).text());
        }
        for (auto const& each : page_["expansions"]) {
            CAPTURE(each["name"]);
            auto const& expansion = expected.expansions.at(each["name"]);
            CHECK(text_of(each["children"]) == expansion.children.text());
            CHECK(each["total"] == (expansion.total ? json(*expansion.total) : json()));
        }
    }

    // In the middle of each pause its counters are what ran during that. A child that only waits for children of its own has no
    // task that is open, and does not run as the trace has it.
    void check_trace() const {
        read_trace const read(trace_.str());
        CHECK(read.faults() == std::vector<std::string>());
        for (std::size_t i = 0; i < pauses_.size(); ++i) {
            std::chrono::duration<double, std::micro> const at = i * 20s + 10s;
            for (auto const& [name, each] : pauses_[i].expansions) {
                if (name == "outer") continue;
                INFO(name << " in pause " << i);
                double running = 0;
                for (auto const& point : read.all("C")) {
                    if (point["name"] == name + ": running" && point["ts"] <= at.count()) {
                        running = point["args"]["children"];
                    }
                }
                CHECK(running == static_cast<double>(each.children.running));
            }
        }
    }

    memory_file drawn_;
    memory_file printed_;
    std::ostringstream log_;
    std::ostringstream trace_;
    terminal draws_{terminal_options().mode(terminal_mode::tty).output(drawn_.descriptor())};
    terminal prints_{terminal_options().mode(terminal_mode::plain).output(printed_.descriptor())};
    event_log logs_{log_, event_log_options().write_after(0s)};
    trace traces_{trace_, trace_options().memory(false)};
    timing_report times_;
    broadcast tells_;
    listener page_reads_{tells_};
    json page_;
    std::vector<expected_progress> pauses_;
    stepped_run run_;
};

auto const shown = [](std::shared_ptr<frond::plan const> const& plan) { return shown_run(plan); };

}  // namespace

TEST_CASE("expansions of 3 and of 7 children at once are counted right everywhere, at any time") {
    counted_runs::play_three_and_seven(shown);
}

TEST_CASE("expansions inside expansions, 5 x (0, 1, 2, 3, 4), are counted right everywhere, at any time") {
    counted_runs::play_nested(shown);
}

TEST_CASE("an expansion of unknown length is counted right everywhere, at any time") {
    counted_runs::play_unknown_length(shown);
}
