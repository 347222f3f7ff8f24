#include "lines.hpp"

#include "../text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_of_a_task = 100;  // columns of its id, which may hold keys of any length
constexpr std::size_t most_of_a_node = 300;
constexpr std::size_t most_of_a_message = 1000;  // a text of any length must not push everything else off the screen
constexpr std::size_t short_bar = 12;

void append(std::string& list, std::string const& item) {
    if (!list.empty()) list += ", ";
    list += item;
}

/// Full seconds that are over.
std::string clock_so_far(duration time) { return clock_text(std::chrono::floor<std::chrono::seconds>(time)); }

std::string elapsed_text(duration time) {
    if (time >= std::chrono::minutes(1)) return clock_so_far(time);
    return fmt::format("{:.1f}s", std::chrono::duration<double>(time).count());
}

/// "run 7 30/120+, 0:20 left"
std::string short_part(picture const& of) {
    row const& run = of.rows.front();
    std::string part = run.name + " " + counts_text(run);
    if (run.left) append(part, clock_text(*run.left) + " left");
    if (auto const said = mishaps_text(run); !said.empty()) append(part, said);
    return part;
}

}  // namespace

std::string counts_text(row const& of) {
    if (!of.told.empty()) return of.told;
    return fmt::format("{}/{}{}", of.done, of.total, of.total_known ? "" : "+");
}

std::string mishaps_text(row const& of) {
    std::string text;
    if (of.failed > 0) append(text, fmt::format("{} failed", of.failed));
    if (of.cancelled > 0) append(text, fmt::format("{} cancelled", of.cancelled));
    if (of.skipped > 0) append(text, fmt::format("{} skipped", of.skipped));
    if (of.retried > 0) append(text, fmt::format("{} retried", of.retried));
    return text;
}

std::string state_text(picture const& of) {
    switch (of.state) {
        case standing::running: break;
        case standing::done: return "done in " + elapsed_text(of.elapsed);
        case standing::failed: return "failed after " + elapsed_text(of.elapsed);
        case standing::cancelled: return "cancelled after " + elapsed_text(of.elapsed);
    }
    return clock_so_far(of.elapsed);
}

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

std::string plain_line(picture const& of) {
    std::string line;
    for (row const& r : of.rows) {
        if (r.waits) line += "; " + r.name + " " + r.told;
        if (!r.told.empty()) continue;  // a log is for what lasts
        bool const run = r.depth == 0;
        line += run ? r.name + " " + state_text(of) + ": " + counts_text(r) + " tasks"
                    : "; " + r.name + " " + counts_text(r);
        if (auto const fast = rate_text(r.rate); !fast.empty()) append(line, fast);
        if (r.left) append(line, clock_text(*r.left) + " left");
        if (auto const said = mishaps_text(r); !said.empty()) append(line, said);
    }
    return line;
}

std::string line_of_all(std::vector<picture const*> const& runs, std::size_t width, bool utf8) {
    if (runs.empty()) return {};
    if (runs.size() == 1) {
        picture const& of = *runs.front();
        std::string const bar = bar_text(of.rows.front(), short_bar, of.elapsed, of.state, utf8);
        return cut(bar + " " + plain_line(of), width, utf8);
    }
    std::string line = fmt::format("{} runs: ", runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::size_t const after = runs.size() - i - 1;
        std::string const longer = line + (i == 0 ? "" : "; ") + short_part(*runs[i]);
        std::string const more = after == 0 ? "" : fmt::format("; {} more", after);
        if (i > 0 && columns(longer + more) > width)
            return cut(line + fmt::format("; {} more", after + 1), width, utf8);
        line = longer;
    }
    return cut(line, width, utf8);
}

std::string failure_line(error const& failure, bool utf8, std::string_view run) {
    std::string line = "failed: ";
    if (!run.empty()) line.append(run).append(": ");
    std::string where = cut_middle(printable(failure.raw_task(), utf8), most_of_a_task, utf8);
    if (!failure.node().empty() && failure.raw_node() != failure.raw_task()) {
        auto const node = cut(printable(failure.raw_node(), utf8), most_of_a_node, utf8);
        where += where.empty() ? node : " (" + node + ")";
    }
    if (!where.empty()) line += where + ": ";
    std::string const what(failure.message().empty() ? failure.code().message() : std::string(failure.raw_message()));
    return line + cut(printable(what, utf8), most_of_a_message, utf8);
}

}  // namespace frond::hooks::detail
