// The report as a page for a browser.
#include "html_style.hpp"
#include "html_text.hpp"
#include "html_timeline.hpp"
#include "words.hpp"

#include "frond/hooks/run_timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frond::hooks {

namespace {

using detail::colour_of;
using detail::count_text;
using detail::html_name;
using detail::html_text;
using detail::longest;
using detail::share;
using detail::share_text;

constexpr std::size_t most_rows = 200;

std::string time(duration of) { return detail::time_text(of, "\u00b5"); }

std::string cell(duration of) {
    return of == duration::zero() ? R"(<td class="zero">0</td>)" : "<td>" + time(of) + "</td>";
}

std::string cell(std::uint64_t count, bool bad = false) {
    if (count == 0) return R"(<td class="zero">0</td>)";
    return (bad ? R"(<td class="bad">)" : "<td>") + count_text(count) + "</td>";
}

std::string point(duration at, run_timing const& of) {
    return "<td>" + detail::point_text(at, of.elapsed, "\u00b5") + "</td>";
}

/// A part of a whole, and a second one that is paler.
std::string bar(double part, double paler = 0) {
    auto const percent = [](double of) { return 100 * std::clamp(of, 0.0, 1.0); };
    std::string second;
    if (paler > 0) second = fmt::format(R"(<div class="bar pale" style="width:{:.2f}%"></div>)", percent(paler));
    return fmt::format(
        R"(<td class="chart"><div class="track"><div class="bar" style="width:{:.2f}%"></div>{}</div></td>)",
        percent(part), second);
}

void say_rest(std::string& to, std::size_t all, std::size_t shown) {
    if (all > shown) to += fmt::format("<p>{} more are not shown; the JSON report has them all.</p>", all - shown);
}

// ---- at the top

void add_card(std::string& to, std::string const& value, std::string const& what) {
    to += "<div><b>" + value + "</b><small>" + what + "</small></div>";
}

void add_head(std::string& to, run_timing const& of) {
    auto const sum = detail::summary_of(of);
    auto const outcome = detail::outcome_text(of);
    to += fmt::format(
        "<header><h1>Timing of run {}</h1><span class=\"pill {}\">{}</span></header>\n<div class=\"cards\">", of.run_id,
        outcome, outcome);
    add_card(to, time(of.elapsed), of.ended ? "from beginning to end" : "so far");
    std::string tasks = "tasks timed";
    if (sum.failed > 0) tasks += ", " + count_text(sum.failed) + " failed";
    if (sum.running > 0) tasks += ", " + count_text(sum.running) + " running";
    add_card(to, count_text(sum.tasks), tasks);
    if (!of.critical_path.empty()) {
        add_card(to, time(sum.path_waited),
                 "waited on the critical path, of " + time(sum.path_worked + sum.path_waited));
    }
    if (!of.threads.empty()) {
        auto const threads = static_cast<std::int64_t>(of.threads.size());
        add_card(to, share_text(sum.busy, of.elapsed * threads),
                 fmt::format("of {} {} known to be busy", threads, threads == 1 ? "thread" : "threads"));
    }
    to += "</div>\n";
    if (of.failure) {
        to += "<section class=\"note bad\"><h2>Why it ended</h2><pre>";
        std::string_view rest(*of.failure);
        for (int lines = 0; lines < 20 && !rest.empty(); ++lines) {
            to += html_text(rest.substr(0, rest.find('\n')), 500) + "\n";
            rest.remove_prefix(std::min(rest.size(), rest.substr(0, rest.find('\n')).size() + 1));
        }
        to += "</pre></section>\n";
    }
    if (of.events_dropped > 0 || sum.untimed > 0) {
        to += fmt::format(
            "<section class=\"note\"><h2>Not everything is known</h2><p>{} events were dropped, and {} tasks ended "
            "of which it was not told that they had begun. What they would have said is missing below.</p></section>\n",
            of.events_dropped, sum.untimed);
    }
}

// ---- tasks

/// Where a duration lies between the shortest and the longest of all, by its logarithm.
class log_scale {
public:
    explicit log_scale(run_timing const& of) {
        for (auto const& spec : of.specs) {
            if (spec.tasks.count == 0) continue;
            low_ = std::min(low_, log_of(spec.tasks.least));
            high_ = std::max(high_, log_of(spec.tasks.most));
        }
    }
    double at(duration of) const noexcept {
        return high_ > low_ ? std::clamp((log_of(of) - low_) / (high_ - low_), 0.0, 1.0) : 0.5;
    }

private:
    static double log_of(duration of) noexcept {
        return std::log(std::max<double>(static_cast<double>(of.count()), 1));
    }
    double low_ = 1e9;
    double high_ = -1e9;
};

std::string spread_chart(time_spread const& of, log_scale const& scale) {
    auto const x = [&](duration at) { return 3 + 164 * scale.at(at); };
    return fmt::format(
        R"(<td class="chart"><svg viewBox="0 0 170 14" style="height:14px"><title>from {} to {}, half of them up to {}, 95 % up to {}</title>)"
        R"(<rect class="wait" x="{:.1f}" y="6.25" width="{:.1f}" height="1.5"/><rect class="area" x="{:.1f}" y="3.5" width="{:.1f}" height="7" rx="1"/>)"
        R"(<circle class="task" cx="{:.1f}" cy="7" r="3.2"/><rect class="wait" x="{:.1f}" y="3" width="1.5" height="8"/></svg></td>)",
        time(of.least), time(of.most), time(of.p50), time(of.p95), x(of.least), x(of.most) - x(of.least), x(of.p50),
        x(of.p95) - x(of.p50), x(of.p50), x(of.most) - 0.7);
}

void add_name(std::string& to, std::size_t which, spec_timing const& spec) {
    fmt::format_to(std::back_inserter(to),
                   R"(<tr {}><td class="name" style="padding-left:{}px"><span class="dot"></span>{}</td>)",
                   colour_of(which), 16 * std::min(spec.depth, 8U), html_name(spec.name));
}

void add_spread(std::string& to, time_spread const& of) {
    for (duration const each : {of.total, of.mean(), of.p50, of.p95, of.p99, of.most}) to += cell(each);
}

void add_specs(std::string& to, run_timing const& of) {
    log_scale const scale(of);
    auto const shown =
        longest(detail::in_tree_order(of), most_rows, [&](std::size_t i) { return of.specs[i].tasks.total; });
    bool const open = std::any_of(of.specs.begin(), of.specs.end(), [](auto const& each) { return each.running > 0; });
    to +=
        "<section><h2>Durations of tasks</h2><p>From their beginning to their end. The dot is the median, the bar "
        "reaches to "
        "p95, the line from the shortest to the longest; the scale is logarithmic. An expander is open while its "
        "children "
        "take what it yields.</p><div class=\"wide\"><table><tr><th class=\"name\">spec</th><th>count</th>";
    if (open) to += "<th>running</th>";
    to +=
        "<th>failed</th><th>cancelled</th><th>total</th><th>mean</th><th>p50</th><th>p95</th><th>p99</th><th>max</th>"
        "<th class=\"chart\">spread</th></tr>\n";
    for (std::size_t const i : shown) {
        spec_timing const& spec = of.specs[i];
        add_name(to, i, spec);
        to += cell(spec.tasks.count);
        if (open) to += cell(spec.running);
        to += cell(spec.failed + spec.timed_out, true) + cell(spec.cancelled);
        add_spread(to, spec.tasks);
        to += spec.tasks.count > 0 ? spread_chart(spec.tasks, scale) : std::string("<td></td>");
        to += "</tr>\n";
    }
    to += "</table></div>";
    say_rest(to, of.specs.size(), shown.size());
    to += "</section>\n";
}

// ---- the critical path

struct path_share {
    std::size_t spec;
    duration alone{};
    duration with_children{};

    duration all() const noexcept { return alone + with_children; }
};

std::vector<path_share> path_shares(run_timing const& of) {
    std::vector<path_share> shares;
    for (auto const& each : of.critical_path) {
        auto found = std::find_if(shares.begin(), shares.end(), [&](auto const& s) { return s.spec == each.spec; });
        if (found == shares.end()) found = shares.insert(found, {each.spec, {}, {}});
        found->alone += each.to - each.from - each.children_ran;
        found->with_children += each.children_ran;
    }
    std::sort(shares.begin(), shares.end(),
              [](auto const& a, auto const& b) { return a.all() != b.all() ? a.all() > b.all() : a.spec < b.spec; });
    return shares;
}

void add_path_shares(std::string& to, run_timing const& of) {
    std::string legend;
    auto const part = [&](std::size_t spec, duration length, std::string_view kind) {
        if (length <= duration::zero()) return;
        to += fmt::format(R"~(<i class="{}" style="--c:var(--s{});width:{:.3f}%"></i>)~", kind,
                          spec % detail::html_colours, 100 * share(length, of.elapsed));
    };
    to += "<div class=\"split\">";
    for (auto const& each : path_shares(of)) {
        if (!detail::matters(each.all(), of.elapsed)) break;
        part(each.spec, each.alone, "");
        part(each.spec, each.with_children, "p");
        std::string const name = each.spec < of.specs.size() ? of.specs[each.spec].name : std::string();
        legend += fmt::format(R"(<span {}><span class="dot"></span>{} <b>{}</b></span>)", colour_of(each.spec),
                              html_name(name, 60), share_text(each.all(), of.elapsed));
    }
    duration const waited = detail::summary_of(of).path_waited;
    part(0, waited, "w");
    to += "</div><div class=\"legend\">" + legend + "<span>waiting <b>" + share_text(waited, of.elapsed) +
          "</b></span></div>";
}

void add_path(std::string& to, run_timing const& of) {
    if (of.critical_path.empty()) return;
    to +=
        "<section><h2>Critical path</h2><p>The tasks that the end had to wait for, one after the other: before each "
        "comes, of "
        "all that it needs, what ended last. A collector counts from the end of the last child; an expander until it "
        "yields "
        "the child that follows, and \"with children\", paler, is what it took of that while earlier children were "
        "queued or ran: then "
        "it may have waited for them.</p>";
    if (!of.path_is_whole) to += "<p>How it began is not known: the events that would tell are missing.</p>";
    add_path_shares(to, of);
    auto const shown = longest(detail::all_places(of.critical_path.size()), most_rows, [&](std::size_t i) {
        return of.critical_path[i].to - of.critical_path[i].from + of.critical_path[i].waited;
    });
    duration most{};
    for (auto const& each : of.critical_path) most = std::max(most, each.to - each.from);
    to +=
        "<div class=\"wide\"><table><tr><th>at</th><th>waited</th><th>took</th><th>with children</th><th "
        "class=\"chart\"></th>"
        "<th class=\"name\">task</th></tr>\n";
    for (std::size_t const i : shown) {
        auto const& each = of.critical_path[i];
        to += "<tr " + colour_of(each.spec) + ">" + point(each.from, of) + cell(each.waited) +
              cell(each.to - each.from) +
              (each.children_ran > duration::zero() ? cell(each.children_ran) : std::string("<td></td>")) +
              bar(share(each.to - each.from - each.children_ran, most), share(each.children_ran, most)) +
              "<td class=\"name\">" + html_name(each.task) + "</td></tr>\n";
    }
    to += "</table></div>";
    say_rest(to, of.critical_path.size(), shown.size());
    to += "</section>\n";
}

// ---- the rest

void add_slowest(std::string& to, run_timing const& of) {
    if (of.slowest.empty()) return;
    to +=
        "<section><h2>Slowest children</h2><div class=\"wide\"><table><tr><th>began at</th><th>took</th><th "
        "class=\"chart\"></th>"
        "<th class=\"name\">task</th><th class=\"name\">key</th><th>ended</th></tr>\n";
    for (std::size_t i = 0; i < std::min(of.slowest.size(), most_rows); ++i) {
        auto const& each = of.slowest[i];
        bool const well = each.state == task_state::succeeded;
        to += "<tr>" + point(each.began, of) + cell(each.took) + bar(share(each.took, of.slowest.front().took)) +
              "<td class=\"name\">" + html_name(each.task) + "</td><td class=\"name\">" + html_name(each.key, 60) +
              "</td>";
        to += fmt::format("<td class=\"{}\">{}</td></tr>\n", well ? "zero" : "bad", to_string(each.state));
    }
    to += "</table></div>";
    say_rest(to, of.slowest.size(), std::min(of.slowest.size(), most_rows));
    to += "</section>\n";
}

void add_queued(std::string& to, run_timing const& of) {
    auto shown = detail::in_tree_order(of);
    std::erase_if(shown, [&](std::size_t i) { return !detail::matters(of.specs[i].queued.total, of.elapsed); });
    shown = longest(std::move(shown), most_rows, [&](std::size_t i) { return of.specs[i].queued.total; });
    if (shown.empty()) return;
    to +=
        "<section><h2>Queued</h2><p>How long tasks were ready and did not run, for want of a slot or a thread: a "
        "child's first "
        "task since its expander yielded it, every other task since it was submitted. What is less than a thousandth "
        "of the run is left out.</p><div "
        "class=\"wide\"><table><tr>"
        "<th "
        "class=\"name\">spec</th><th>count</th><th>total</th><th>mean</th><th>p50</th><th>p95</th><th>p99</th><th>max</"
        "th></tr>\n";
    for (std::size_t const i : shown) {
        add_name(to, i, of.specs[i]);
        to += cell(of.specs[i].queued.count);
        add_spread(to, of.specs[i].queued);
        to += "</tr>\n";
    }
    to += "</table></div></section>\n";
}

void add_expanders(std::string& to, run_timing const& of) {
    if (of.expansions.empty()) return;
    to +=
        "<section><h2>Expanders</h2><p>While they were open: how long no child was queued, and how long, of that, none "
        "ran "
        "either, so that all children there could be had to wait for the expander (or the expander for what holds it "
        "back).</p><div class=\"wide\"><table><tr><th class=\"name\">expander</th><th>yielded</th><th>not "
        "started</th><th>open</th>"
        "<th>none queued</th><th>none running</th></tr>\n";
    for (std::size_t i = 0; i < std::min(of.expansions.size(), most_rows); ++i) {
        auto const& each = of.expansions[i];
        to += "<tr><td class=\"name\">" + html_name(each.name) + "</td>" + cell(each.yielded) +
              cell(each.not_started, true) + cell(each.open) + cell(each.none_queued) + cell(each.none_open) +
              "</tr>\n";
    }
    to += "</table></div>";
    say_rest(to, of.expansions.size(), std::min(of.expansions.size(), most_rows));
    to += "</section>\n";
}

void add_collectors(std::string& to, run_timing const& of) {
    if (of.collectors.empty()) return;
    to +=
        "<section><h2>Collectors</h2><p>While children ran a collector waits for them, or works: events do not tell "
        "which. After the "
        "last child has ended nothing but the collector itself was left to wait for.</p><div class=\"wide\"><table><tr>"
        "<th class=\"name\">collector</th><th>while children ran</th><th>after the last</th></tr>\n";
    for (std::size_t i = 0; i < std::min(of.collectors.size(), most_rows); ++i) {
        auto const& each = of.collectors[i];
        to += "<tr><td class=\"name\">" + html_name(each.name) + "</td>" + cell(each.with_children) +
              cell(each.after_children) + "</tr>\n";
    }
    to += "</table></div>";
    say_rest(to, of.collectors.size(), std::min(of.collectors.size(), most_rows));
    to += "</section>\n";
}

void add_threads(std::string& to, run_timing const& of) {
    if (of.threads.empty() && of.suspending == duration::zero() && of.elsewhere == duration::zero()) return;
    to +=
        "<section><h2>Threads</h2><p>Tasks of plain functions keep their thread busy from beginning to end. Coroutines "
        "and "
        "expanders may suspend, so what they did to a thread is not counted: a thread may have been busier.</p>"
        "<div class=\"wide\"><table>";
    if (!of.threads.empty()) {
        to +=
            "<tr><th class=\"name\">thread</th><th>plain tasks</th><th>busy</th><th>of the run</th><th "
            "class=\"chart\"></th></tr>\n";
    }
    for (std::size_t i = 0; i < of.threads.size(); ++i) {
        auto const& each = of.threads[i];
        to += fmt::format("<tr><td class=\"name\">thread {}</td>", i + 1) + cell(each.tasks) + cell(each.busy) +
              "<td>" + share_text(each.busy, of.elapsed) + "</td>" + bar(share(each.busy, of.elapsed)) + "</tr>\n";
    }
    to += "</table></div>";
    if (of.suspending > duration::zero()) {
        to += fmt::format("<p>Coroutines were open for {} in all.</p>", time(of.suspending));
    }
    if (of.elsewhere > duration::zero()) {
        to += fmt::format(
            "<p>Tasks that were sent to other executors took {} in all, with the time that they queued there.</p>",
            time(of.elsewhere));
    }
    to += "</section>\n";
}

}  // namespace

std::string to_html(run_timing const& of) {
    std::string made =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        // Should a name get through in spite of all, it loads and runs nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    made += fmt::format("<title>Timing of run {}</title>\n<style>", of.run_id);
    made.append(detail::html_style).append("</style>\n</head>\n<body>\n<main>\n");
    add_head(made, of);
    detail::add_timeline(made, of);
    add_path(made, of);
    add_specs(made, of);
    add_slowest(made, of);
    add_queued(made, of);
    made += "<div class=\"pair\">";
    add_expanders(made, of);
    add_collectors(made, of);
    made += "</div>";
    add_threads(made, of);
    made +=
        "<footer>Quantiles are by nearest rank, at most 1/128 off; all else is exact as far as events were "
        "told.</footer>\n"
        "</main>\n</body>\n</html>\n";
    return made;
}

}  // namespace frond::hooks
