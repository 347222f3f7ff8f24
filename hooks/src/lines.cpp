#include "lines.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_bar = 8;
constexpr std::size_t most_bar = 40;
constexpr std::size_t widest_place = 300;
constexpr std::size_t widest_message = 1000;

enum column : std::size_t {
    name,
    bar,
    counts,
    rate,
    left,
    notes,
    column_count,
};

/// What goes first where there is no room for all.
constexpr std::array dropped_first = {rate, left, notes, bar};

using cells = std::array<std::string, column_count>;

std::string counts_text(row const& r) {
    if (!r.told.empty()) return r.told;
    return fmt::format("{}/{}{}", r.done, r.total, r.total_known ? "" : "+");
}

void append(std::string& list, std::string const& item) {
    if (!list.empty()) list += ", ";
    list += item;
}

/// "2 failed, 1 cancelled"
std::string mishaps(row const& r) {
    std::string text;
    if (r.failed > 0) append(text, fmt::format("{} failed", r.failed));
    if (r.cancelled > 0) append(text, fmt::format("{} cancelled", r.cancelled));
    if (r.skipped > 0) append(text, fmt::format("{} skipped", r.skipped));
    if (r.retried > 0) append(text, fmt::format("{} retried", r.retried));
    return text;
}

/// Full seconds that are over.
std::string clock_so_far(duration time) { return clock_text(std::chrono::floor<std::chrono::seconds>(time)); }

std::string elapsed_text(duration time) {
    if (time >= std::chrono::minutes(1)) return clock_so_far(time);
    return fmt::format("{:.1f}s", std::chrono::duration<double>(time).count());
}

/// How the run stands, in words; empty while it goes on.
std::string ending(picture const& of) {
    switch (of.state) {
        case standing::running: break;
        case standing::done: return "done in " + elapsed_text(of.elapsed);
        case standing::failed: return "failed after " + elapsed_text(of.elapsed);
        case standing::cancelled: return "cancelled after " + elapsed_text(of.elapsed);
    }
    return {};
}

cells cells_of(row const& r, picture const& of) {
    cells made;
    made[name] = std::string(2 * r.depth, ' ') + r.name;
    made[counts] = counts_text(r);
    made[rate] = rate_text(r.rate);
    if (r.left) made[left] = clock_text(*r.left) + " left";
    if (r.depth == 0) {
        made[notes] = of.state == standing::running ? clock_so_far(of.elapsed) : ending(of);
    }
    if (auto const said = mishaps(r); !said.empty()) append(made[notes], said);
    return made;
}

/// How wide each column is, 0 for those that are left out.
class layout {
public:
    layout(std::vector<cells> const& rows, std::size_t width) {
        for (cells const& r : rows) {
            for (std::size_t c = 0; c < column_count; ++c) widths_[c] = std::max(widths_[c], columns(r[c]));
        }
        widths_[name] = std::min(widths_[name], std::max<std::size_t>(width / 3, least_bar));
        widths_[bar] = least_bar;
        for (column const c : dropped_first) {
            if (used() <= width) break;
            widths_[c] = 0;
        }
        if (widths_[bar] != 0) widths_[bar] = std::min(most_bar, least_bar + (width - used()));
        if (used() > width) widths_[name] -= std::min(widths_[name], used() - width);
    }

    std::size_t operator[](column c) const noexcept { return widths_[c]; }

private:
    std::size_t used() const noexcept {
        std::size_t sum = 0;
        for (std::size_t const w : widths_) sum += w == 0 ? 0 : w + (sum == 0 ? 0 : gap);
        return sum;
    }

    std::array<std::size_t, column_count> widths_{};
};

std::string written(cells const& of, layout const& widths, bool utf8) {
    std::string line;
    for (std::size_t i = 0; i < column_count; ++i) {
        auto const c = static_cast<column>(i);
        if (widths[c] == 0) continue;
        if (!line.empty()) line.append(gap, ' ');
        std::string const text = cut(of[c], widths[c], utf8);
        std::string const padding(widths[c] - columns(text), ' ');
        bool const to_the_right = c == counts || c == rate || c == left;
        line += to_the_right ? padding + text : text + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace

std::string clock_text(duration time) {
    auto const all = std::chrono::ceil<std::chrono::seconds>(time).count();
    auto const minutes = all / 60;
    auto const hours = minutes / 60;
    if (hours >= 100) return fmt::format("{}d {:02}h", hours / 24, hours % 24);
    if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes % 60, all % 60);
    return fmt::format("{}:{:02}", minutes, all % 60);
}

std::string rate_text(double per_second) {
    if (per_second <= 0) return {};
    if (per_second < 0.1 / 60) return fmt::format("{:.1f}/h", per_second * 3600);
    if (per_second < 0.1) return fmt::format("{:.1f}/min", per_second * 60);
    if (per_second < 9.95) return fmt::format("{:.1f}/s", per_second);
    if (per_second < 9999.5) return fmt::format("{:.0f}/s", per_second);
    if (per_second < 9.9995e6) return fmt::format("{:.0f}k/s", per_second / 1e3);
    return fmt::format("{:.0f}M/s", per_second / 1e6);
}

std::string bar_text(row const& of, std::size_t cells, duration elapsed, standing state, bool utf8) {
    std::size_t begin = 0;
    std::size_t end = cells;
    if (!of.total_known && state == standing::running) {
        // One step each tenth of a second, there and back.
        std::size_t const block = std::max<std::size_t>(cells / 5, 1);
        std::size_t const way = std::max<std::size_t>(cells - block, 1);
        auto const step = static_cast<std::size_t>(elapsed / std::chrono::milliseconds(100)) % (2 * way);
        begin = step < way ? step : 2 * way - step;
        end = begin + block;
    } else if (of.done < of.total) {
        end = static_cast<std::size_t>(static_cast<double>(of.done) / static_cast<double>(of.total) *
                                       static_cast<double>(cells));
    }
    std::string bar;
    for (std::size_t i = 0; i < cells; ++i) {
        bool const full = begin <= i && i < end;
        bar += utf8 ? (full ? "\u2588" : "\u2591") : (full ? "#" : ".");
    }
    return bar;
}

std::vector<std::string> block_lines(picture const& of, look const& on) {
    // A line below them is the cursor's.
    std::size_t const room = std::max<std::size_t>(on.height, of.state == standing::running ? 1 : 2) - 1;
    std::size_t const width = std::max<std::size_t>(on.width, 2) - 1;
    if (room == 0) return {};
    if (room == 1 && of.rows.size() > 1) return block_lines({of.state, of.elapsed, {of.rows.front()}}, on);
    std::size_t const shown = of.rows.size() <= room ? of.rows.size() : room - 1;
    std::size_t const hidden = of.rows.size() - shown;

    std::vector<cells> texts;
    texts.reserve(shown);
    for (std::size_t i = 0; i < shown; ++i) texts.push_back(cells_of(of.rows[i], of));
    layout const widths(texts, width);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < shown; ++i) {
        texts[i][bar] = bar_text(of.rows[i], widths[bar], of.elapsed, of.state, on.utf8);
        lines.push_back(cut(written(texts[i], widths, on.utf8), width, on.utf8));
    }
    if (hidden > 0) lines.push_back(cut(fmt::format("... {} more", hidden), width, on.utf8));
    return lines;
}

std::string plain_line(picture const& of) {
    std::string line = "run " + (of.state == standing::running ? clock_so_far(of.elapsed) : ending(of)) + ": ";
    for (row const& r : of.rows) {
        if (!r.told.empty()) continue;  // a log is for what lasts
        bool const run = r.depth == 0;
        line += run ? counts_text(r) + " tasks" : "; " + r.name + " " + counts_text(r);
        if (auto const fast = rate_text(r.rate); !fast.empty()) append(line, fast);
        if (r.left) append(line, clock_text(*r.left) + " left");
        if (auto const said = mishaps(r); !said.empty()) append(line, said);
    }
    return line;
}

std::string failure_line(error const& failure, bool utf8) {
    // A text of any length must not push everything else off the screen.
    auto const shown = [utf8](std::string_view text, std::size_t most) {
        return cut(printable(text, utf8), most, utf8);
    };
    std::string where = shown(failure.task(), widest_place);
    if (!failure.node().empty() && failure.node() != failure.task()) {
        auto const node = shown(failure.node(), widest_place);
        where += where.empty() ? node : fmt::format(" ({})", node);
    }
    std::string const what(failure.message().empty() ? failure.code().message() : std::string(failure.message()));
    return "failed: " + where + (where.empty() ? "" : ": ") + shown(what, widest_message);
}

}  // namespace frond::hooks::detail
