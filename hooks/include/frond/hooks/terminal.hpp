// A live display of runs for people: one line for each run and one for each expansion, below the one that encloses it.
//
// On a terminal the lines are drawn in place, at most ten times a second, never taller than the screen; failures and runs
// that have ended are printed above them. A body that has waited for ten seconds or more for something outside the run has
// a line, or a place in the plain line, which says for how long: the run may be waiting for this body. In a notebook all
// is one line that is drawn again. Elsewhere it prints plain lines, a few a minute, and a summary. It samples the runs'
// counters, so it costs the tasks nothing. The cursor is hidden only within a single write and left below the lines, so
// nothing is to be restored when the process ends, however it ends; no signal handler is installed.
#pragma once

#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <memory>

namespace frond::hooks {

enum class terminal_mode : std::uint8_t {
    automatic,  // plain if NO_COLOR or CI is set; notebook where Jupyter shows it (JPY_PARENT_PID); tty on a terminal,
                // unless TERM=dumb is set; else plain
    tty,        // lines that are drawn in place
    notebook,   // one line that is drawn again after a carriage return, without escape sequences
    plain,      // lines that are printed one after the other
    none,       // nothing at all
};

class terminal_options {
public:
    terminal_options() noexcept = default;

    terminal_options& mode(terminal_mode mode) noexcept {
        mode_ = mode;
        return *this;
    }
    /// The file descriptor to write to; standard error if not set. It is not closed.
    /// Errors: throws std::invalid_argument if it is negative.
    terminal_options& output(int descriptor) {
        output_ = detail::descriptor("terminal_options: output", descriptor);
        return *this;
    }

    terminal_mode mode() const noexcept { return mode_; }
    int output() const noexcept { return output_; }

private:
    terminal_mode mode_ = terminal_mode::automatic;
    int output_ = 2;
};

/// The hook. What else is written to the terminal while it draws gets mixed up with its lines.
///
/// It never waits for a terminal that takes nothing (a stopped one): a redraw is then left out, and the last words are
/// given up after a second.
/// One object may be told of several runs at once, which then share the screen, each by its name ("run 7"). A run that is
/// not heard of for a minute, while others are, is shown again when it is.
/// Thread: one call at a time, which runs see to.
class terminal {
public:
    explicit terminal(terminal_options options = terminal_options());
    terminal(terminal const&) = delete;
    terminal& operator=(terminal const&) = delete;
    ~terminal();

    observer_policy policy() const noexcept;
    void before_run(run_event const& event);
    void on_sample(progress const& sample);
    void after_run(run_event const& event);

private:
    class screen;
    std::unique_ptr<screen> screen_;  // none: mode none
};

}  // namespace frond::hooks
