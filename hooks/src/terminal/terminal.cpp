#include "frond/hooks/terminal.hpp"

#include "block.hpp"
#include "drawing.hpp"
#include "output.hpp"
#include "shown_runs.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks {

namespace {

constexpr std::size_t most_waiting = 1000;               // lines, while nothing can be written
constexpr auto soon_heard_of = std::chrono::seconds(3);  // a run that goes on is, more often than that

terminal_mode chosen(terminal_options const& options) noexcept {
    if (options.mode() != terminal_mode::automatic) return options.mode();
    if (detail::shown_in_notebook(options.output())) return terminal_mode::notebook;
    return detail::draws_in_place(options.output()) ? terminal_mode::tty : terminal_mode::plain;
}

std::unique_ptr<detail::drawing> drawing_for(terminal_mode mode) {
    switch (mode) {
        case terminal_mode::tty: return detail::draw_in_place();
        case terminal_mode::notebook: return detail::draw_in_a_notebook();
        default: return detail::draw_in_a_log();
    }
}

}  // namespace

/// The runs that go on, on one output.
class terminal::screen {
public:
    screen(int output, terminal_mode mode)
        : output_(output), utf8_(detail::utf8_locale()), drawing_(drawing_for(mode)), runs_(utf8_) {}

    ~screen() {
        try {
            if (!above_.empty()) show({}, detail::patience::a_second);
        } catch (...) {
            // Out of memory: the last words of runs that ended while others went on are lost.
        }
    }

    duration interval() const noexcept { return drawing_->between_looks(); }

    void begin(run_event const& event) {
        if (runs_.none()) shown_ = event.time;
        runs_.begin(event.run_id, event.time);
    }

    void update(progress const& sample) {
        runs_.update(sample, above_);
        refresh(sample.taken);
    }

    void end(run_event const& event) {
        if (auto const last = runs_.end(event, above_)) {
            for (auto& line : drawing_->last_words(*last, screen_now())) above_.push_back(std::move(line));
        }
        // Whoever else goes on draws it soon. If nobody does, nobody would.
        if (runs_.heard_since(event.time - soon_heard_of)) {
            refresh(event.time);
            return;
        }
        runs_.forget_silent(event.time, above_);
        show(runs_.pictures(), detail::patience::a_second);
        if (above_.size() > most_waiting) drop_oldest();
        if (!runs_.none()) return;
        above_.clear();
        drawing_->leave();
    }

private:
    detail::look screen_now() const noexcept {
        auto on = detail::screen_of(output_.descriptor());
        on.utf8 = utf8_;
        return on;
    }

    void refresh(time_point now) {
        bool const due = now - shown_ >= drawing_->between_draws();
        if (due) {
            shown_ = now;
            runs_.forget_silent(now, above_);
            show(runs_.pictures(), detail::patience::none);
        } else if (drawing_->says_at_once() && !above_.empty()) {
            show({}, detail::patience::none);
        }
        if (above_.size() > most_waiting) drop_oldest();
    }

    void show(std::vector<detail::picture const*> const& runs, detail::patience how) {
        auto above = above_;
        if (dropped_ > 0) above.insert(above.begin(), "... " + std::to_string(dropped_) + " lines left out");
        auto const bytes = drawing_->draw(above, runs, screen_now());
        if (bytes.empty() || !output_.write(bytes, how)) return;
        drawing_->written();
        above_.clear();
        dropped_ = 0;
    }

    void drop_oldest() {
        std::size_t const more = above_.size() - most_waiting;
        above_.erase(above_.begin(), above_.begin() + static_cast<std::ptrdiff_t>(more));
        dropped_ += more;
    }

    detail::output output_;
    bool utf8_;
    std::unique_ptr<detail::drawing> drawing_;
    detail::shown_runs runs_;
    time_point shown_{};              // when what goes on was drawn last
    std::vector<std::string> above_;  // not written yet
    std::size_t dropped_ = 0;         // lines that should have been before them
};

terminal::terminal(terminal_options options) {
    auto const mode = chosen(options);
    if (mode != terminal_mode::none) screen_ = std::make_unique<screen>(options.output(), mode);
}

terminal::~terminal() = default;

observer_policy terminal::policy() const noexcept {
    return latest(screen_ ? screen_->interval() : duration(std::chrono::hours(24)));
}

void terminal::before_run(run_event const& event) {
    if (screen_) screen_->begin(event);
}

void terminal::on_sample(progress const& sample) {
    if (screen_) screen_->update(sample);
}

void terminal::after_run(run_event const& event) {
    if (screen_) screen_->end(event);
}

}  // namespace frond::hooks
