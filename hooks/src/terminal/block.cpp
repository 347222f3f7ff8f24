#include "block.hpp"

#include "../text.hpp"
#include "lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_bar = 8;
constexpr std::size_t most_bar = 40;

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

cells cells_of(row const& r, picture const& of) {
    cells made;
    made[name] = std::string(2 * r.depth, ' ') + r.name;
    made[counts] = counts_text(r);
    made[rate] = rate_text(r.rate);
    if (r.left) made[left] = clock_text(*r.left) + " left";
    if (r.depth == 0) made[notes] = state_text(of);
    if (auto const said = mishaps_text(r); !said.empty()) made[notes] += (made[notes].empty() ? "" : ", ") + said;
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

std::string name_cell(row const& r, std::size_t width, bool utf8) {
    std::string const indented = std::string(2 * r.depth, ' ') + r.name;
    // Of a body's name, often a path, the end tells more than the beginning.
    if (r.told.empty() || width <= 2 * r.depth) return cut(indented, width, utf8);
    return std::string(2 * r.depth, ' ') + cut_middle(r.name, width - 2 * r.depth, utf8);
}

std::string written(cells const& of, row const& r, layout const& widths, bool utf8) {
    std::string line;
    for (std::size_t i = 0; i < column_count; ++i) {
        auto const c = static_cast<column>(i);
        if (widths[c] == 0) continue;
        if (!line.empty()) line.append(gap, ' ');
        std::string const text = c == name ? name_cell(r, widths[c], utf8) : cut(of[c], widths[c], utf8);
        std::string const padding(widths[c] - columns(text), ' ');
        bool const to_the_right = c == counts || c == rate || c == left;
        line += to_the_right ? padding + text : text + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

/// How many rows each run shows of so many lines.
std::vector<std::size_t> shares_of(std::vector<picture const*> const& runs, std::size_t lines) {
    std::vector<std::size_t> shares(runs.size());
    for (bool given = true; given && lines > 0;) {
        given = false;
        for (std::size_t i = 0; i < runs.size() && lines > 0; ++i) {
            if (shares[i] == runs[i]->rows.size()) continue;
            ++shares[i];
            --lines;
            given = true;
        }
    }
    return shares;
}

}  // namespace

std::vector<std::string> block_lines(std::vector<picture const*> const& runs, look const& on) {
    bool const ended = runs.size() == 1 && runs.front()->state != standing::running;
    // A line below them is the cursor's.
    std::size_t const room = std::max<std::size_t>(on.height, ended ? 2 : 1) - 1;
    std::size_t const width = std::max<std::size_t>(on.width, 2) - 1;
    if (room == 0) return {};
    std::size_t const all = std::accumulate(runs.begin(), runs.end(), std::size_t{0},
                                            [](std::size_t sum, picture const* of) { return sum + of->rows.size(); });
    auto const shares = shares_of(runs, all <= room ? all : std::max<std::size_t>(room - 1, 1));

    struct placed {
        picture const* of;
        row const* shown;
    };
    std::vector<placed> places;
    std::vector<cells> texts;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (std::size_t k = 0; k < shares[i]; ++k) {
            places.push_back({runs[i], &runs[i]->rows[k]});
            texts.push_back(cells_of(runs[i]->rows[k], *runs[i]));
        }
    }
    layout const widths(texts, width);
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto const& [of, shown] = places[i];
        texts[i][bar] = bar_text(*shown, widths[bar], of->elapsed, of->state, on.utf8);
        lines.push_back(cut(written(texts[i], *shown, widths, on.utf8), width, on.utf8));
    }
    // The only line there is is better used for a run.
    if (places.size() < all && room > 1) {
        lines.push_back(cut(fmt::format("... {} more", all - places.size()), width, on.utf8));
    }
    return lines;
}

std::vector<std::string> block_lines(picture const& of, look const& on) {
    return block_lines(std::vector<picture const*>{&of}, on);
}

}  // namespace frond::hooks::detail
