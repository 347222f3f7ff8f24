#include "frond/hooks/terminal.hpp"

#include "lines.hpp"
#include "live_block.hpp"
#include "output.hpp"
#include "rows.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks {

namespace {

constexpr auto between_redraws = std::chrono::milliseconds(100);
constexpr auto between_lines = std::chrono::seconds(20);
constexpr auto between_looks = std::chrono::seconds(1);  // for failures, where lines are rare

detail::standing standing_of(run_event const& event) noexcept {
    if (!event.failure) return detail::standing::done;
    return event.failure->is_canceled() ? detail::standing::cancelled : detail::standing::failed;
}

}  // namespace

/// One run on one output at a time.
class terminal::screen {
public:
    screen(int output, bool in_place)
        : output_(output), in_place_(in_place), utf8_(detail::utf8_locale()), painter_(utf8_) {}

    duration interval() const noexcept { return in_place_ ? duration(between_redraws) : duration(between_looks); }

    void begin(time_point now) {
        painter_ = detail::painter(utf8_);
        shown_ = now;
        told_ = 0;
        failures_.clear();
        block_.leave();
    }

    void update(progress const& sample) {
        auto const picture = painter_.paint(sample, detail::standing::running);
        note_failures(sample);
        if (in_place_) {
            if (sample.taken - shown_ < between_redraws) return;
            shown_ = sample.taken;
            draw(picture, detail::patience::none);
        } else {
            bool const due = sample.taken - shown_ >= between_lines;
            if (due) shown_ = sample.taken;
            print(due ? detail::plain_line(picture) + "\n" : std::string(), detail::patience::none);
        }
    }

    void end(run_event const& event) {
        if (!event.progress) return;
        progress const& last = *event.progress;
        auto const picture = painter_.paint(last, standing_of(event));
        note_failures(last);
        if (told_ == 0 && picture.state == detail::standing::failed) {
            failures_.push_back(detail::failure_line(*event.failure, utf8_));
        }
        if (last.failures_total > told_ && told_ > 0) {
            failures_.push_back("failed: " + std::to_string(last.failures_total - told_) + " more");
        }
        if (in_place_) {
            draw(picture, detail::patience::a_second);
            block_.leave();
        } else {
            print(detail::plain_line(picture) + "\n", detail::patience::a_second);
        }
    }

private:
    void note_failures(progress const& sample) {
        for (; told_ < sample.failures.size(); ++told_) {
            failures_.push_back(detail::failure_line(sample.failures[told_], utf8_));
        }
    }

    void draw(detail::picture const& picture, detail::patience how) {
        auto on = detail::screen_of(output_.descriptor());
        on.utf8 = utf8_;
        // A redraw that is not written must not count as drawn.
        detail::live_block next = block_;
        auto const bytes = next.redraw(failures_, detail::block_lines(picture, on), on.width);
        if (!output_.write(bytes, how)) return;
        block_ = std::move(next);
        failures_.clear();
    }

    void print(std::string const& line, detail::patience how) {
        std::string bytes;
        for (auto const& failure : failures_) bytes += failure + "\n";
        bytes += line;
        if (!bytes.empty() && output_.write(bytes, how)) failures_.clear();
    }

    detail::output output_;
    bool in_place_;
    bool utf8_;
    detail::painter painter_;
    detail::live_block block_;
    time_point shown_{};                 // when the last lines were
    std::size_t told_ = 0;               // of progress::failures
    std::vector<std::string> failures_;  // not printed yet
};

terminal::terminal(terminal_options options) {
    if (options.mode() == terminal_mode::none) return;
    bool const in_place = options.mode() == terminal_mode::tty ||
                          (options.mode() == terminal_mode::automatic && detail::draws_in_place(options.output()));
    screen_ = std::make_unique<screen>(options.output(), in_place);
}

terminal::~terminal() = default;

observer_policy terminal::policy() const noexcept {
    return latest(screen_ ? screen_->interval() : duration(std::chrono::hours(24)));
}

void terminal::before_run(run_event const& event) {
    if (screen_) screen_->begin(event.time);
}

void terminal::on_sample(progress const& sample) {
    if (screen_) screen_->update(sample);
}

void terminal::after_run(run_event const& event) {
    if (screen_) screen_->end(event);
}

}  // namespace frond::hooks
