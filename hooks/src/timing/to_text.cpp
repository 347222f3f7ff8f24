// The report as a table for a terminal or a log.
#include "words.hpp"

#include "../text.hpp"
#include "frond/hooks/run_timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks {

namespace {

using detail::all_places;
using detail::count_text;
using detail::longest;
using detail::time_text;

constexpr std::size_t page_width = 100;
constexpr std::size_t most_lines = 40;

/// Columns as wide as they need be; the one of names takes what is left, and is cut.
class table {
public:
    table(std::vector<std::string> heads, std::size_t names) : names_(names) { rows_.push_back(std::move(heads)); }

    void add(std::vector<std::string> row) {
        row[names_] = detail::printable(row[names_], true);
        rows_.push_back(std::move(row));
    }
    bool empty() const noexcept { return rows_.size() == 1; }

    void write(std::string& to) const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (auto const& row : rows_) {
            for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], detail::columns(row[i]));
        }
        widths[names_] = 0;
        std::size_t const taken = std::accumulate(widths.begin(), widths.end(), gap * widths.size());
        std::size_t widest = 0;
        for (auto const& row : rows_) widest = std::max(widest, detail::columns(row[names_]));
        widths[names_] = std::min(widest, page_width - std::min(page_width, taken));
        for (auto const& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                std::string const text = detail::cut(row[i], widths[i], true);
                std::string const padding(widths[i] - detail::columns(text), ' ');
                line.append(gap, ' ').append(i == names_ ? text + padding : padding + text);
            }
            line.erase(line.find_last_not_of(' ') + 1);
            to.append(line).append(1, '\n');
        }
    }

private:
    static constexpr std::size_t gap = 2;
    std::size_t names_;
    std::vector<std::vector<std::string>> rows_;
};

void say_rest(std::string& to, std::size_t all, std::size_t shown, char const* what) {
    if (all > shown) to += fmt::format("  ... {} {} that took less\n", all - shown, what);
}

void add_summary_lines(std::string& to, run_timing const& of) {
    auto const sum = detail::summary_of(of);
    to += fmt::format("timing of run {}: {} {} {}; {} tasks timed", of.run_id, detail::outcome_text(of),
                      of.ended ? "after" : "for", time_text(of.elapsed), sum.tasks);
    if (sum.running > 0) to += fmt::format(", {} running", sum.running);
    if (sum.failed > 0) to += fmt::format(", {} failed", sum.failed);
    to += '\n';
    if (of.failure) to += detail::cut(detail::printable(*of.failure, true), page_width, true) + '\n';
    if (of.events_dropped > 0)
        to += fmt::format("{} events were dropped: what they told is missing\n", of.events_dropped);
    if (sum.untimed > 0)
        to += fmt::format("{} tasks ended of which it was not told that they had begun\n", sum.untimed);
}

void add_tasks_lines(std::string& to, run_timing const& of) {
    auto const total = [&](std::size_t i) { return of.specs[i].tasks.total; };
    auto const shown = longest(detail::in_tree_order(of), most_lines, total);
    table tasks({"tasks", "count", "failed", "total", "mean", "p50", "p95", "p99", "max"}, 0);
    table queued({"queued", "count", "", "total", "mean", "p50", "p95", "p99", "max"}, 0);
    auto const add_spread = [](table& rows, std::string name, std::string failed, time_spread const& spread) {
        rows.add({std::move(name), count_text(spread.count), std::move(failed), time_text(spread.total),
                  time_text(spread.mean()), time_text(spread.p50), time_text(spread.p95), time_text(spread.p99),
                  time_text(spread.most)});
    };
    for (std::size_t const i : shown) {
        spec_timing const& spec = of.specs[i];
        std::uint64_t const failed = spec.failed + spec.timed_out;
        std::string const indent(2 * std::min<std::size_t>(spec.depth, 8), ' ');
        add_spread(tasks, indent + spec.name, failed > 0 ? count_text(failed) : "", spec.tasks);
        if (detail::matters(spec.queued.total, of.elapsed)) add_spread(queued, spec.name, "", spec.queued);
    }
    to += '\n';
    tasks.write(to);
    say_rest(to, of.specs.size(), shown.size(), "specs");
    if (queued.empty()) return;
    to += '\n';
    queued.write(to);
}

void add_path_lines(std::string& to, run_timing const& of) {
    if (of.critical_path.empty()) return;
    auto const sum = detail::summary_of(of);
    to += fmt::format("\ncritical path: {} at work, {} waiting{}\n", time_text(sum.path_worked),
                      time_text(sum.path_waited), of.path_is_whole ? "" : "; its beginning is not known");
    auto const length = [&](std::size_t i) {
        return of.critical_path[i].waited + (of.critical_path[i].to - of.critical_path[i].from);
    };
    auto const shown = longest(all_places(of.critical_path.size()), 20, length);
    table steps({"at", "waited", "took", "with children", "task"}, 4);
    for (std::size_t const i : shown) {
        critical_step const& each = of.critical_path[i];
        std::string const with = each.children_ran > duration::zero() ? time_text(each.children_ran) : std::string();
        steps.add({detail::point_text(each.from, of.elapsed), time_text(each.waited), time_text(each.to - each.from),
                   with, each.task});
    }
    steps.write(to);
    say_rest(to, of.critical_path.size(), shown.size(), "steps");
}

void add_slowest_lines(std::string& to, run_timing const& of) {
    if (of.slowest.empty()) return;
    table slow({"at", "took", "", "slowest children"}, 3);
    for (auto const& each : of.slowest) {
        std::string const state(each.state != task_state::succeeded ? to_string(each.state) : "");
        slow.add({detail::point_text(each.began, of.elapsed), time_text(each.took), state, each.task});
    }
    to += '\n';
    slow.write(to);
}

void add_waiting_lines(std::string& to, run_timing const& of) {
    table expanders({"expanders", "yielded", "not started", "open", "none queued", "none running"}, 0);
    auto const open = [&](std::size_t i) { return of.expansions[i].open; };
    for (std::size_t const i : longest(all_places(of.expansions.size()), most_lines, open)) {
        auto const& each = of.expansions[i];
        expanders.add({each.name, count_text(each.yielded), count_text(each.not_started), time_text(each.open),
                       time_text(each.none_queued), time_text(each.none_open)});
    }
    table collectors({"collectors", "while children ran", "after the last"}, 0);
    auto const ran = [&](std::size_t i) { return of.collectors[i].with_children + of.collectors[i].after_children; };
    for (std::size_t const i : longest(all_places(of.collectors.size()), most_lines, ran)) {
        auto const& each = of.collectors[i];
        collectors.add({each.name, time_text(each.with_children), time_text(each.after_children)});
    }
    for (table const* each : {&expanders, &collectors}) {
        if (each->empty()) continue;
        to += '\n';
        each->write(to);
    }
}

void add_threads_lines(std::string& to, run_timing const& of) {
    table threads({"threads", "busy", "", "tasks"}, 0);
    for (std::size_t i = 0; i < of.threads.size(); ++i) {
        auto const& each = of.threads[i];
        threads.add({fmt::format("thread {}", i + 1), detail::share_text(each.busy, of.elapsed), time_text(each.busy),
                     count_text(each.tasks)});
    }
    if (!threads.empty()) {
        to += '\n';
        threads.write(to);
    }
    if (of.suspending > duration::zero()) {
        to += fmt::format("  coroutines were open for {}: how much of that kept a thread busy is not known\n",
                          time_text(of.suspending));
    }
    if (of.elsewhere > duration::zero()) {
        to += fmt::format("  tasks sent to other executors took {}, with the time that they queued there\n",
                          time_text(of.elsewhere));
    }
}

}  // namespace

std::string to_text(run_timing const& of) {
    std::string made;
    add_summary_lines(made, of);
    add_tasks_lines(made, of);
    add_path_lines(made, of);
    add_slowest_lines(made, of);
    add_waiting_lines(made, of);
    add_threads_lines(made, of);
    return made;
}

}  // namespace frond::hooks
