// The hook as a whole: what it writes, and when.
#include "../../catch.hpp"

#include "frond/hooks/terminal.hpp"

#include "samples.hpp"
#include "terminal_ends.hpp"

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

using namespace samples;

namespace {

/// What a run of one second writes there, in automatic mode.
std::string automatic(pseudo_terminal const& to) {
    frond::hooks::terminal shown(frond::hooks::terminal_options().output(to.in()));
    frond::run_event event;
    event.time = start;
    shown.before_run(event);
    event.progress = files(1s, 10, 10, true);
    shown.after_run(event);
    return to.read();
}

}  // namespace

TEST_CASE("a terminal is drawn at most ten times a second, and at the end") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::tty));
    CHECK(shown.policy().interval() == 100ms);
    shown.before_run(event_at(0s));
    shown.on_sample(files(99ms, 10, 1, true));
    CHECK(to.read().empty());
    shown.on_sample(files(100ms, 10, 1, true));
    CHECK(to.read().find("1/10") != std::string::npos);
    shown.on_sample(files(150ms, 10, 2, true));
    CHECK(to.read().empty());

    auto last = event_at(160ms);
    last.progress = files(160ms, 10, 10, true);
    shown.after_run(last);
    auto const end = to.read();
    CHECK(end.find("10/10") != std::string::npos);
    CHECK(end.find("done in 0.2s") != std::string::npos);
    CHECK(end.substr(end.size() - 9) == "\x1b[J\x1b[?25h");
}

TEST_CASE("each failure is printed once, above the block") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::tty));
    shown.before_run(event_at(0s));
    frond::progress sample = files(1s, 10, 1, true);
    sample.failures.push_back(frond::error(frond::errc::node_failed, "no luck").at("block-file.3", "words"));
    sample.failures_total = 1;
    shown.on_sample(sample);
    auto const first = to.read();
    CHECK(first.find("failed: block-file.3 (words): no luck") < first.find("run"));

    auto last = event_at(2s);
    last.failure = sample.failures[0];
    last.progress = sample;
    shown.after_run(last);
    auto const end = to.read();
    CHECK(end.find("no luck") == std::string::npos);
    CHECK(end.find("failed after 1.0s") != std::string::npos);
}

TEST_CASE("a log gets failures as they occur, a line in twenty seconds, and a summary") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::plain));
    CHECK(shown.policy().interval() == 1s);
    shown.before_run(event_at(0s));
    frond::progress sample = files(1s, 10, 1, false);
    shown.on_sample(sample);
    CHECK(to.read().empty());
    sample.failures.push_back(frond::error(frond::errc::node_failed, "no luck"));
    sample.failures_total = 5;
    sample.taken = start + 2s;
    shown.on_sample(sample);
    CHECK(to.read() == "failed: no luck\n");
    sample.taken = start + 20s;
    shown.on_sample(sample);
    CHECK(to.read() == "run 0:20: 1/12+ tasks; file 1/10+\n");
    sample.taken = start + 21s;
    shown.on_sample(sample);
    CHECK(to.read().empty());

    auto last = event_at(22s);
    last.failure = sample.failures[0];
    last.progress = sample;
    last.progress->taken = start + 22s;
    shown.after_run(last);
    CHECK(to.read() == "failed: 4 more\nrun failed after 22.0s: 1/12+ tasks, 2.7/min; file 1/10+, 2.7/min\n");
}

TEST_CASE("a failure that no task had is told too") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::plain));
    shown.before_run(event_at(0s));
    auto last = event_at(1s);
    last.failure = frond::error::out_of_memory();
    last.progress = files(0s, 0, 0, false);
    shown.after_run(last);
    CHECK(to.read().rfind("failed: ", 0) == 0);
}

TEST_CASE("a terminal that takes nothing is not waited for, and catches up later") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::tty));
    shown.before_run(event_at(0s));
    shown.on_sample(files(1s, 10, 1, true));
    to.read();
    char const filler[4096] = {};
    while (::write(to.in(), filler, sizeof filler) > 0) {
    }
    frond::progress sample = files(2s, 10, 2, true);
    sample.failures.push_back(frond::error(frond::errc::node_failed, "no luck"));
    shown.on_sample(sample);
    CHECK(to.read().find("2/10") == std::string::npos);
    sample.taken = start + 3s;
    shown.on_sample(sample);
    // Over the two lines that were last drawn, with the failure that has not been printed.
    CHECK(to.read().rfind("\x1b[?25l\r\x1b[2Afailed: no luck", 0) == 0);
}

TEST_CASE("mode none says nothing, not even of failures") {
    pipe_end to;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::none));
    shown.before_run(event_at(0s));
    auto last = event_at(1s);
    last.failure = frond::error::out_of_memory();
    last.progress = files(1s, 0, 0, false);
    shown.after_run(last);
    CHECK(to.read().empty());
}

TEST_CASE("a terminal is drawn in place, unless the environment asks for something else") {
    plain_environment const neutral;
    pseudo_terminal const to;
    CHECK(automatic(to).find("\x1b[?25l") != std::string::npos);
    for (auto const& [name, value] :
         {std::pair("NO_COLOR", "1"), std::pair("CI", "true"), std::pair("TERM", "dumb"), std::pair("TERM", "")}) {
        with_variable const asking(name, value);
        CHECK(automatic(to) == "run done in 1.0s: 11/12 tasks, 11/s; file 10/10, 10/s\r\n");
    }
    with_variable const off("CI", "false");
    CHECK(automatic(to).find("\x1b[?25l") != std::string::npos);
}

TEST_CASE("a UTF-8 locale gets bars of blocks") {
    plain_environment const neutral;
    pseudo_terminal const to;
    CHECK(automatic(to).find("#####") != std::string::npos);
    with_variable const locale("LC_ALL", "de_DE.utf8");
    CHECK(automatic(to).find("\u2588\u2588") != std::string::npos);
}

TEST_CASE("the size of the terminal is asked for at each redraw") {
    plain_environment const neutral;
    pseudo_terminal const to;
    frond::hooks::terminal shown(frond::hooks::terminal_options().output(to.in()));
    shown.before_run(event_at(0s));
    shown.on_sample(files(1s, 10, 5, true));
    CHECK(to.read().find("file  ####") != std::string::npos);
    to.resize(20, 10);
    shown.on_sample(files(2s, 10, 6, true));
    auto const narrow = to.read();
    CHECK(narrow.find("\x1b[6A") != std::string::npos);  // 60 and 54 columns: three rows of twenty each
    CHECK(narrow.find('#') == std::string::npos);
    CHECK(narrow.find("file  6/10") != std::string::npos);
    to.resize(80, 2);
    shown.on_sample(files(3s, 10, 7, true));
    CHECK(to.read().find("file") == std::string::npos);
}

TEST_CASE("what is no terminal gets plain lines") {
    pipe_end to;
    plain_environment const neutral;
    frond::hooks::terminal shown(on(to, frond::hooks::terminal_mode::automatic));
    shown.before_run(event_at(0s));
    auto last = event_at(1s);
    last.progress = files(1s, 10, 10, true);
    shown.after_run(last);
    CHECK(to.read() == "run done in 1.0s: 11/12 tasks, 11/s; file 10/10, 10/s\n");
}

TEST_CASE("a terminal that nobody reads from is not waited for, and is whole again once somebody does") {
    pseudo_terminal to;
    frond::hooks::terminal shown(
        frond::hooks::terminal_options().output(to.in()).mode(frond::hooks::terminal_mode::tty));
    shown.before_run(event_at(0s));
    // More than any terminal keeps.
    for (std::uint64_t i = 1; i <= 2'000; ++i) shown.on_sample(files(i * 1s, 2'000, i, true));
    auto const before = to.read();
    CHECK(before.find("1/2000") != std::string::npos);
    CHECK(before.find("2000/2000") == std::string::npos);
    shown.on_sample(files(2'001s, 2'000, 2'000, true));
    auto const after = to.read();
    CHECK(after.find("2000/2000") != std::string::npos);
    // Every redraw that was begun has been ended.
    auto const count = [&](std::string const& what) {
        std::size_t found = 0;
        for (auto const& text : {before + after}) {
            for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
        }
        return found;
    };
    CHECK(count("\x1b[?25l") == count("\x1b[?25h"));
}
