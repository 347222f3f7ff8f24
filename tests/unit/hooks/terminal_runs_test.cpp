// The hook with several runs at once.
#include "../../catch.hpp"

#include "frond/hooks/terminal.hpp"

#include "samples.hpp"
#include "terminal_ends.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>

using namespace samples;
using frond::hooks::terminal;
using frond::hooks::terminal_mode;

namespace {

/// Tells a display of runs, in the order that the test chooses.
class teller {
public:
    explicit teller(terminal_mode mode) : shown_(on(to_, mode)) {}

    void begin(std::uint64_t run, frond::duration after) {
        auto event = event_at(after);
        event.run_id = run;
        shown_.before_run(event);
    }
    void sample(std::uint64_t run, frond::duration after, std::uint64_t ended) {
        shown_.on_sample(counted_at(run, after, ended));
    }
    void fail(std::uint64_t run, frond::duration after) {
        auto now = counted_at(run, after, 1);
        now.failures.push_back(frond::error(frond::errc::node_failed, "no luck"));
        now.failures_total = 1;
        shown_.on_sample(now);
    }
    void end(std::uint64_t run, frond::duration after) {
        auto event = event_at(after);
        event.run_id = run;
        event.progress = counted_at(run, after, 10);
        shown_.after_run(event);
    }
    std::string read() const { return to_.read(); }

private:
    static frond::progress counted_at(std::uint64_t run, frond::duration after, std::uint64_t ended) {
        auto made = files(after, 10, ended, true);
        made.run_id = run;
        return made;
    }

    pipe_end to_;
    terminal shown_;
};

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("all runs that go on are in one block, drawn ten times a second in all") {
    with_variable const locale("LC_ALL", "C");
    teller runs(terminal_mode::tty);
    runs.begin(7, 0s);
    runs.begin(8, 10ms);
    runs.sample(7, 100ms, 1);
    CHECK(has(runs.read(), "run 7"));
    runs.sample(8, 110ms, 2);
    CHECK(runs.read().empty());
    runs.sample(7, 200ms, 3);
    auto const both = runs.read();
    CHECK(both.rfind("\x1b[?25l\r\x1b[2Arun 7", 0) == 0);
    CHECK(has(both, "3/10"));
    CHECK(both.find("2/10") > both.find("run 8"));
    runs.sample(8, 210ms, 4);
    CHECK(runs.read().empty());
    runs.sample(8, 300ms, 5);
    CHECK(runs.read().rfind("\x1b[?25l\r\x1b[4A", 0) == 0);
}

TEST_CASE("a run that ends is left above the block, and the others go on") {
    with_variable const locale("LC_ALL", "C");
    teller runs(terminal_mode::tty);
    runs.begin(7, 0s);
    runs.begin(8, 0s);
    runs.sample(8, 90ms, 1);
    runs.sample(7, 100ms, 1);
    runs.read();
    runs.end(7, 150ms);
    CHECK(runs.read().empty());  // not due
    runs.sample(8, 200ms, 2);
    auto const left = runs.read();
    CHECK(left.rfind("\x1b[?25l\r\x1b[4Arun 7", 0) == 0);
    CHECK(has(left, "done in"));
    CHECK(left.find("run 8") > left.find("10/10"));
    runs.sample(8, 300ms, 3);
    auto const alone = runs.read();
    CHECK(alone.rfind("\x1b[?25l\r\x1b[2Arun 8", 0) == 0);
    runs.end(8, 310ms);
    CHECK(has(runs.read(), "done in"));
    runs.begin(9, 400ms);
    runs.end(9, 500ms);
    auto const next = runs.read();
    CHECK(next.rfind("\x1b[?25l\rrun  ", 0) == 0);
}

TEST_CASE("a failure is told above all runs, with the name of its own") {
    teller runs(terminal_mode::tty);
    runs.begin(7, 0s);
    runs.begin(8, 0s);
    runs.sample(7, 100ms, 1);
    runs.read();
    runs.fail(8, 200ms);
    CHECK(has(runs.read(), "\x1b[2Afailed: run 8: no luck\x1b[K\r\nrun 7"));
}

TEST_CASE("a log names the runs that have gone on at once") {
    teller runs(terminal_mode::plain);
    runs.begin(7, 0s);
    runs.sample(7, 1s, 1);
    runs.begin(8, 2s);
    runs.fail(8, 3s);
    CHECK(runs.read() == "failed: run 8: no luck\n");
    runs.sample(7, 20s, 2);
    auto const due = runs.read();
    CHECK(has(due, "run 7 0:20: 3/12 tasks"));
    CHECK(has(due, "\nrun 8 0:03: 2/12 tasks"));
    runs.sample(8, 20s, 2);
    CHECK(runs.read().empty());
    runs.end(8, 21s);
    CHECK(runs.read().rfind("run 8 done in 21.0s: ", 0) == 0);
    runs.end(7, 22s);
    CHECK(runs.read().rfind("run 7 done in 22.0s: ", 0) == 0);
    runs.begin(9, 30s);
    runs.end(9, 31s);
    CHECK(runs.read().rfind("run done in ", 0) == 0);
}

TEST_CASE("the end of a run is told at once when no other has been heard of for long") {
    teller runs(terminal_mode::tty);
    runs.begin(6, 0s);  // its end never comes
    runs.sample(6, 100ms, 1);
    runs.begin(7, 5s);
    runs.sample(7, 5100ms, 1);
    runs.read();
    runs.end(7, 5110ms);
    CHECK(has(runs.read(), "done in"));
    runs.begin(8, 70s);
    runs.sample(8, 71s, 1);
    auto const later = runs.read();
    CHECK(has(later, "run 6 has not been heard of for a minute"));
    CHECK(later.find("run 8") > later.find("minute"));
    runs.end(8, 72s);
    runs.begin(9, 73s);
    runs.end(9, 74s);
    CHECK(has(runs.read(), "\rrun  "));
}

TEST_CASE("what was still to be said of an ended run is said when the display goes") {
    pipe_end to;
    {
        terminal shown(on(to, terminal_mode::tty));
        auto event = event_at(0s);
        for (std::uint64_t const run : {1U, 2U}) {
            event.run_id = run;
            shown.before_run(event);
        }
        event.progress = files(50ms, 10, 10, true);
        shown.after_run(event);
        CHECK(to.read().empty());
    }
    CHECK(has(to.read(), "done in"));
}

TEST_CASE("while nothing can be written no more is kept than a thousand lines") {
    pipe_end to;
    terminal shown(on(to, terminal_mode::plain));
    auto event = event_at(0s);
    shown.before_run(event);
    char const filler[4096] = {};
    while (::write(to.in(), filler, sizeof filler) > 0) {
    }
    for (std::uint64_t run = 1; run <= 1500; ++run) {
        event.run_id = run;
        event.progress = files(1s, 10, 10, true);
        shown.after_run(event);
    }
    to.read();
    auto more = files(2s, 10, 1, true);
    shown.on_sample(more);
    auto const all = to.read();
    CHECK(all.rfind("... 500 lines left out\nrun 501 done", 0) == 0);
    CHECK(has(all, "run 1500 done"));
}
