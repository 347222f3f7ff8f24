// The hook in a notebook: one line, and no escape sequences.
#include "../../catch.hpp"

#include "frond/hooks/terminal.hpp"

#include "samples.hpp"
#include "terminal_ends.hpp"
#include "text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

using namespace samples;
using frond::hooks::terminal;
using frond::hooks::terminal_mode;
using frond::hooks::terminal_options;

namespace {

/// What a run of one second writes in automatic mode.
template <class To>
std::string automatic(To const& to) {
    terminal shown(terminal_options().output(to.in()));
    shown.before_run(event_at(0s));
    shown.on_sample(files(500ms, 10, 5, true));
    auto last = event_at(1s);
    last.progress = files(1s, 10, 10, true);
    shown.after_run(last);
    return to.read();
}

}  // namespace

TEST_CASE("a notebook has one line, drawn again twice a second, and a summary that ends it") {
    with_variable const locale("LC_ALL", "C");
    pipe_end to;
    terminal shown(on(to, terminal_mode::notebook));
    CHECK(shown.policy().interval() == 500ms);
    shown.before_run(event_at(0s));
    shown.on_sample(files(499ms, 10, 1, true));
    CHECK(to.read().empty());
    shown.on_sample(files(500ms, 10, 1, true));
    std::string const first = "##.......... run 0:00: 2/12 tasks; file 1/10";
    CHECK(to.read() == first);
    shown.on_sample(files(999ms, 10, 1, true));
    CHECK(to.read().empty());

    auto failing = files(2s, 10, 2, true);
    failing.failures.push_back(frond::error(frond::errc::node_failed, "no\n\x1b[luck"));
    failing.failures_total = 1;
    shown.on_sample(failing);
    auto const second = to.read();
    std::string const said = "failed: no\\n\\x1b[luck";
    CHECK(second.rfind("\r" + said + std::string(first.size() - said.size(), ' ') + "\n###......... run 0:02: ", 0) ==
          0);

    auto last = event_at(3s);
    last.progress = failing;
    last.progress->taken = start + 3s;
    shown.after_run(last);
    auto const end = to.read();
    CHECK(end.rfind("\rrun done in 3.0s: 3/12 tasks, 1.0/s; file 2/10, ", 0) == 0);
    CHECK(end.back() == '\n');
    CHECK((first + second + end).find('\x1b') == std::string::npos);
}

TEST_CASE("the line of a notebook is no wider than a hundred columns") {
    pipe_end to;
    terminal shown(on(to, terminal_mode::notebook));
    shown.before_run(event_at(0s));
    auto wide = files(1s, 10, 1, true);
    for (int i = 0; i < 20; ++i) wide.expansions.push_back(expansion("a-long-name", counted(10, 5), true));
    shown.on_sample(wide);
    CHECK(frond::hooks::detail::columns(to.read()) == 100);
}

TEST_CASE("several runs share the line of a notebook, and each leaves its summary") {
    pipe_end to;
    terminal shown(on(to, terminal_mode::notebook));
    auto event = event_at(0s);
    for (std::uint64_t const run : {7U, 8U}) {
        event.run_id = run;
        shown.before_run(event);
        auto sample = files(run == 7 ? 400ms : 500ms, 10, run, true);
        sample.run_id = run;
        shown.on_sample(sample);
    }
    CHECK(to.read() == "2 runs: run 7 8/12; run 8 9/12");
    event = event_at(1s);
    event.run_id = 7;
    event.progress = files(1s, 10, 10, true);
    event.progress->run_id = 7;
    shown.after_run(event);
    auto const left = to.read();
    CHECK(left.rfind("\rrun 7 done in 1.0s: ", 0) == 0);
    CHECK(left.find("\n") < left.find("run 8 0:00: 9/12 tasks"));
}

TEST_CASE("what Jupyter shows is drawn for a notebook, unless plain output is asked for") {
    plain_environment const neutral;
    with_variable const jupyter("JPY_PARENT_PID", "1");
    pipe_end const pipe;
    pseudo_terminal const cell;  // commands of a cell have one
    std::string const drawn =
        "######...... run 0:00: 6/12 tasks; file 5/10\rrun done in 1.0s: 11/12 tasks, 11/s; file 10/10, 10/s";
    CHECK(automatic(pipe) == drawn + "\n");
    CHECK(automatic(cell) == drawn + "\r\n");
    for (auto const& [name, value] : {std::pair("NO_COLOR", "1"), std::pair("CI", "true")}) {
        with_variable const asking(name, value);
        CHECK(automatic(pipe).rfind("run done", 0) == 0);
    }
    // Nobody sees it move in a file.
    struct file {
        file() : descriptor(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {}
        ~file() { ::close(descriptor); }
        int in() const { return descriptor; }
        std::string read() const {
            ::lseek(descriptor, 0, SEEK_SET);
            return read_all(descriptor);
        }
        int descriptor;
    };
    CHECK(automatic(file()).rfind("run done", 0) == 0);
}
