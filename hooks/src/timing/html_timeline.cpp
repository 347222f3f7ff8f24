#include "html_timeline.hpp"

#include "html_style.hpp"
#include "html_text.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace frond::hooks::detail {

namespace {

constexpr double plot_width = 1000;  // of the units of each row's picture, which is stretched to its place
constexpr std::size_t most_specs = 24;
constexpr std::size_t most_threads = 16;
constexpr std::size_t most_steps = 400;

/// The picture of one row, from nothing to `height` pixels.
class plot {
public:
    plot(duration whole, double height) : whole_(whole), height_(height) {}

    void bar(duration from, duration to, double top, double high, std::string_view kind, std::string const& says) {
        double const left = at(from);
        // What is too short to be seen is shown all the same.
        double const wide = std::max(at(to) - left, 1.0);
        fmt::format_to(
            std::back_inserter(shapes_),
            R"(<rect class="{}" x="{:.2f}" y="{:.1f}" width="{:.2f}" height="{:.1f}"><title>{}</title></rect>)", kind,
            std::min(left, plot_width - 1), top, wide, high, says);
    }

    /// Steps from slice to slice, `most` at the top of `high` pixels.
    void area(activity const& of, double most, double high, std::string const& says) {
        if (of.mean.empty() || most <= 0) return;
        auto out = std::back_inserter(shapes_);
        fmt::format_to(out, R"(<path class="area" d="M0 {:.1f})", high);
        for (std::size_t i = 0; i < of.mean.size(); ++i) {
            double const end = at(of.slice * static_cast<std::int64_t>(i + 1));
            fmt::format_to(out, "V{:.1f}H{:.1f}", high * (1 - std::min(of.mean[i] / most, 1.0)), end);
        }
        fmt::format_to(out, R"(V{:.1f}Z"><title>{}</title></path>)", high, says);
    }

    std::string drawn() const {
        return fmt::format(
            R"(<svg viewBox="0 0 {:.0f} {:.1f}" style="height:{:.1f}px" preserveAspectRatio="none">{}</svg>)",
            plot_width, height_, height_, shapes_);
    }

private:
    double at(duration time) const noexcept { return std::clamp(share(time, whole_), 0.0, 1.0) * plot_width; }

    duration whole_;
    double height_;
    std::string shapes_;
};

void add_row(std::string& to, std::size_t spec, std::string const& who, std::string const& small, plot const& shown) {
    fmt::format_to(
        std::back_inserter(to),
        R"(<div class="who" {0}><span class="dot"></span>{1}<small>{2}</small></div><div class="plot" {0}>{3}</div>)",
        colour_of(spec), who, small, shown.drawn());
}

/// 1, 2 or 5 times a power of ten, of which six or so make the whole.
duration tick_of(duration whole) {
    double const rough = std::max(static_cast<double>(whole.count()) / 6, 1.0);
    double const power = std::pow(10, std::floor(std::log10(rough)));
    double const factor = rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10;
    return duration(static_cast<duration::rep>(factor * power));
}

void add_axis(std::string& to, duration whole, duration tick) {
    to += R"(<div></div><div class="axis">)";
    for (duration at{}; at <= whole; at += tick) {
        fmt::format_to(std::back_inserter(to), R"(<span style="left:{:.2f}%">{}</span>)", 100 * share(at, whole),
                       time_text(at, "\u00b5"));
    }
    to += "</div>";
}

std::string says(std::string const& task, duration from, duration to) {
    return fmt::format("{}: {}, from {} to {}", html_text(task, 400), time_text(to - from, "\u00b5"),
                       time_text(from, "\u00b5"), time_text(to, "\u00b5"));
}

void add_path(std::string& to, run_timing const& of) {
    if (of.critical_path.empty() || of.critical_path.size() > most_steps) return;
    plot shown(of.elapsed, 18);
    for (auto const& each : of.critical_path) {
        if (each.waited > duration::zero()) {
            shown.bar(each.from - each.waited, each.from, 7, 4, "wait", "waited " + time_text(each.waited, "\u00b5"));
        }
    }
    for (auto const& each : of.critical_path) {
        shown.bar(each.from, each.to, 0, 18, fmt::format("task c{}", each.spec % html_colours),
                  says(each.task, each.from, each.to));
    }
    auto const sum = summary_of(of);
    to += fmt::format(R"(<div class="who">critical path<small>{} of {}</small></div><div class="plot">{}</div>)",
                      time_text(sum.path_worked, "\u00b5"), time_text(of.elapsed, "\u00b5"), shown.drawn());
}

/// Tasks below each other, so that none covers another; what finds no place in `most` lines is left out.
class packing {
public:
    explicit packing(std::size_t most) : most_(most) {}

    void place(std::vector<sampled_task const*> tasks) {
        std::sort(tasks.begin(), tasks.end(), [](auto const* a, auto const* b) { return a->from < b->from; });
        std::vector<duration> free;
        for (auto const* each : tasks) {
            auto const line = std::find_if(free.begin(), free.end(), [&](duration at) { return at <= each->from; });
            if (line != free.end()) {
                *line = each->to;
            } else if (free.size() < most_) {
                free.push_back(each->to);
                placed_.push_back({each, free.size() - 1});
                continue;
            } else {
                ++left_out;
                continue;
            }
            placed_.push_back({each, static_cast<std::size_t>(line - free.begin())});
        }
        lines = free.size();
    }

    struct placed {
        sampled_task const* task;
        std::size_t line;
    };
    std::vector<placed> const& all() const noexcept { return placed_; }

    std::size_t lines = 0;
    std::size_t left_out = 0;

private:
    std::size_t most_;
    std::vector<placed> placed_;
};

// Each task where there are few; how many ran at once where there are many, and some tasks below.
void add_spec(std::string& to, run_timing const& of, std::size_t which) {
    spec_timing const& spec = of.specs[which];
    std::vector<sampled_task const*> sampled;
    for (auto const& each : of.timeline) {
        if (each.spec == which) sampled.push_back(&each);
    }
    packing each_task(10);
    each_task.place(sampled);
    bool const all = sampled.size() == spec.tasks.count && spec.running == 0 && each_task.left_out == 0;
    packing some(4);
    if (!all) some.place(sampled);
    packing const& lines = all ? each_task : some;

    auto const& mean = spec.running_over_time.mean;
    double const most = mean.empty() ? 0 : *std::max_element(mean.begin(), mean.end());
    double const line = all && lines.lines <= 3 ? 14 : 8;
    double const area = all ? 0 : 36;
    double const height = area + (all ? 0 : 3) + line * static_cast<double>(lines.lines) + 4;
    plot shown(of.elapsed, height);
    std::string small = count_text(spec.tasks.count) + (spec.tasks.count == 1 ? " task" : " tasks");
    if (!all) {
        small += fmt::format(", up to {:.{}f} at once", most, most < 9.95 ? 1 : 0);
        shown.area(spec.running_over_time, most, area, "how many ran at once, " + small);
    }
    for (auto const& [task, at] : lines.all()) {
        shown.bar(task->from, task->to, area + (all ? 0 : 3) + line * static_cast<double>(at), line - 1.5, "task",
                  says(task->task, task->from, task->to));
    }
    if (of.critical_path.size() <= most_steps) {
        for (auto const& step : of.critical_path) {
            if (step.spec == which) {
                shown.bar(step.from, step.to, height - 3, 3, "crit",
                          "on the critical path: " + says(step.task, step.from, step.to));
            }
        }
    }
    add_row(to, which, html_name(spec.name, 80), small, shown);
}

}  // namespace

std::string colour_of(std::size_t spec) { return fmt::format(R"~(style="--c:var(--s{})")~", spec % html_colours); }

void add_timeline(std::string& to, run_timing const& of) {
    if (of.elapsed <= duration::zero()) return;
    duration const tick = tick_of(of.elapsed);
    to +=
        "<section><h2>Timeline</h2><p>A task is a bar; where there are too many, an area tells how many ran at once, "
        "and "
        "below it are some of them. <span class=\"key\"></span> marks what was on the critical path.</p>";
    to += fmt::format(R"(<div class="lines" style="--tick:{:.4f}%">)", 100 * share(tick, of.elapsed));
    add_axis(to, of.elapsed, tick);
    add_path(to, of);

    std::vector<std::size_t> charted = in_tree_order(of);
    std::erase_if(charted, [&](std::size_t i) { return of.specs[i].running_over_time.mean.empty(); });
    charted = longest(std::move(charted), most_specs, [&](std::size_t i) { return of.specs[i].tasks.total; });
    std::size_t const all = of.specs.size();
    to += R"(<div class="part">Tasks</div>)";
    for (std::size_t const which : charted) add_spec(to, of, which);
    if (charted.size() < all)
        to += fmt::format(R"(<div class="part">{} more specs are not shown</div>)", all - charted.size());

    if (!of.threads.empty()) to += R"(<div class="part">Threads, as far as it is known that they were busy</div>)";
    for (std::size_t i = 0; i < std::min(of.threads.size(), most_threads); ++i) {
        auto const& thread = of.threads[i];
        plot shown(of.elapsed, 22);
        shown.area(thread.busy_over_time, 1, 22, share_text(thread.busy, of.elapsed) + " busy");
        to += fmt::format(
            R"~(<div class="who">thread {}<small>{} busy</small></div><div class="plot" style="--c:var(--busy)">{}</div>)~",
            i + 1, share_text(thread.busy, of.elapsed), shown.drawn());
    }
    if (of.threads.size() > most_threads) {
        to += fmt::format(R"(<div class="part">{} more threads are not shown</div>)", of.threads.size() - most_threads);
    }
    to += "</div></section>\n";
}

}  // namespace frond::hooks::detail
