#include "drawing.hpp"

#include "carriage_line.hpp"
#include "lines.hpp"
#include "live_block.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <utility>

namespace frond::hooks::detail {

namespace {

using namespace std::chrono_literals;

class in_place final : public drawing {
public:
    duration between_looks() const noexcept override { return 100ms; }
    duration between_draws() const noexcept override { return 100ms; }
    bool says_at_once() const noexcept override { return false; }

    std::vector<std::string> last_words(picture const& of, look const& on) const override {
        return block_lines(of, on);
    }
    std::string draw(std::vector<std::string> const& above, std::vector<picture const*> const& runs,
                     look const& on) override {
        next_ = block_;
        return next_.redraw(above, block_lines(runs, on), on.width);
    }
    void written() noexcept override { block_ = std::move(next_); }
    void leave() noexcept override { block_.leave(); }

private:
    live_block block_;
    live_block next_;  // if it is written
};

class in_a_notebook final : public drawing {
public:
    // A notebook keeps what was written, each drawing of the line with it.
    duration between_looks() const noexcept override { return 500ms; }
    duration between_draws() const noexcept override { return 500ms; }
    bool says_at_once() const noexcept override { return false; }

    std::vector<std::string> last_words(picture const& of, look const& /*on*/) const override {
        return {plain_line(of)};
    }
    std::string draw(std::vector<std::string> const& above, std::vector<picture const*> const& runs,
                     look const& on) override {
        constexpr std::size_t width = 100;  // it has none to ask for
        next_ = line_;
        return next_.redraw(above, line_of_all(runs, width, on.utf8));
    }
    void written() noexcept override { line_ = next_; }
    void leave() noexcept override { line_.leave(); }

private:
    carriage_line line_;
    carriage_line next_;  // if it is written
};

class in_a_log final : public drawing {
public:
    duration between_looks() const noexcept override { return 1s; }  // for failures, where lines are rare
    duration between_draws() const noexcept override { return 20s; }
    bool says_at_once() const noexcept override { return true; }

    std::vector<std::string> last_words(picture const& of, look const& /*on*/) const override {
        return {plain_line(of)};
    }
    std::string draw(std::vector<std::string> const& above, std::vector<picture const*> const& runs,
                     look const& /*on*/) override {
        constexpr std::size_t most = 10;
        std::string bytes;
        for (std::string const& line : above) bytes += line + "\n";
        for (std::size_t i = 0; i < runs.size() && i < most; ++i) bytes += plain_line(*runs[i]) + "\n";
        if (runs.size() > most) bytes += fmt::format("... {} more runs\n", runs.size() - most);
        return bytes;
    }
    void written() noexcept override {}
    void leave() noexcept override {}
};

}  // namespace

std::unique_ptr<drawing> draw_in_place() { return std::make_unique<in_place>(); }
std::unique_ptr<drawing> draw_in_a_notebook() { return std::make_unique<in_a_notebook>(); }
std::unique_ptr<drawing> draw_in_a_log() { return std::make_unique<in_a_log>(); }

}  // namespace frond::hooks::detail
