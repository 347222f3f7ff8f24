#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace frond::hooks::detail {

namespace {

std::string three_digits(double value, std::string_view unit) {
    int const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, decimals, unit);
}

}  // namespace

std::string time_text(duration time, std::string_view micro) {
    if (time < duration::zero()) return fmt::format("-{}", time_text(-time, micro));
    auto const ns = std::chrono::nanoseconds(time).count();
    auto const value = static_cast<double>(ns);
    if (ns == 0) return "0";
    if (ns < 1000) return fmt::format("{} ns", ns);
    if (value < 999.5e3) return three_digits(value / 1e3, fmt::format("{}s", micro));
    if (value < 999.5e6) return three_digits(value / 1e6, "ms");
    if (value < 119.5e9) return three_digits(value / 1e9, "s");
    auto const seconds = std::chrono::round<std::chrono::seconds>(time).count();
    if (seconds < 3600) return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
    if (seconds < 86400) return fmt::format("{}h {:02}m", seconds / 3600, seconds / 60 % 60);
    return fmt::format("{}d {}h", seconds / 86400, seconds / 3600 % 24);
}

std::string point_text(duration at, duration whole, std::string_view micro) {
    if (whole >= std::chrono::minutes(10)) return time_text(at, micro);
    auto const most = static_cast<double>(std::max(whole, at).count());
    double const unit = most < 1e3 ? 1 : most < 1e6 ? 1e3 : most < 1e9 ? 1e6 : 1e9;
    std::string const name = most < 1e3 ? "ns" : most < 1e6 ? fmt::format("{}s", micro) : most < 1e9 ? "ms" : "s";
    int const decimals = most < 1e3 ? 0 : most < 10 * unit ? 4 : most < 100 * unit ? 3 : 2;
    return fmt::format("{:.{}f} {}", static_cast<double>(at.count()) / unit, decimals, name);
}

std::string count_text(std::uint64_t count) {
    if (count < 10'000'000) return std::to_string(count);
    auto const value = static_cast<double>(count);
    return value < 999.95e6 ? fmt::format("{:.1f}M", value / 1e6) : fmt::format("{:.1f}G", value / 1e9);
}

double share(duration part, duration whole) noexcept {
    return whole > duration::zero() ? static_cast<double>(part.count()) / static_cast<double>(whole.count()) : 0;
}

bool matters(duration part, duration whole) noexcept { return part > duration::zero() && part >= whole / 1000; }

std::string share_text(duration part, duration whole) {
    return whole > duration::zero() ? fmt::format("{:.1f} %", 100 * share(part, whole)) : "-";
}

std::string_view outcome_text(run_timing const& of) noexcept {
    if (!of.ended) return "running";
    if (of.cancelled) return "cancelled";
    return of.failure ? "failed" : "succeeded";
}

summary summary_of(run_timing const& of) noexcept {
    summary made;
    for (auto const& spec : of.specs) {
        made.tasks += spec.tasks.count;
        made.running += spec.running;
        made.failed += spec.failed + spec.timed_out;
        made.untimed += spec.untimed;
    }
    for (auto const& thread : of.threads) made.busy += thread.busy;
    for (auto const& each : of.critical_path) {
        made.path_worked += each.to - each.from;
        made.path_waited += each.waited;
    }
    return made;
}

std::vector<std::size_t> all_places(std::size_t count) {
    std::vector<std::size_t> made(count);
    for (std::size_t i = 0; i < count; ++i) made[i] = i;
    return made;
}

std::vector<std::size_t> in_tree_order(run_timing const& of) {
    std::vector<std::size_t> order;
    std::vector<std::vector<std::size_t>> below(of.specs.size());
    std::vector<std::size_t> open;  // the next one at the end
    for (std::size_t i = of.specs.size(); i-- > 0;) {
        auto const around = of.specs[i].expander;
        (around && *around < below.size() ? below[*around] : open).push_back(i);
    }
    while (!open.empty()) {
        std::size_t const next = open.back();
        open.pop_back();
        order.push_back(next);
        open.insert(open.end(), below[next].begin(), below[next].end());
    }
    return order;
}

}  // namespace frond::hooks::detail
