#include "progress_json.hpp"

#include "../long_waits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace frond::hooks::detail {

namespace {

using json = nlohmann::ordered_json;

/// A text from outside may be of any length.
std::string bounded(std::string_view text) {
    constexpr std::size_t most = 4096;
    if (text.size() <= most) return std::string(text);
    return std::string(text.substr(0, most)) + "...";
}

std::string text_of(json const& value) {
    // ASCII alone: bytes that are no UTF-8 are replaced, and every other character beyond ASCII is escaped.
    std::string const dumped = value.dump(-1, ' ', true, json::error_handler_t::replace);
    std::string safe;
    safe.reserve(dumped.size());
    // These stand in strings only, so an escape is the same JSON.
    for (char const c : dumped) {
        switch (c) {
            case '<': safe += "\\u003c"; break;
            case '>': safe += "\\u003e"; break;
            case '&': safe += "\\u0026"; break;
            default: safe += c;
        }
    }
    return safe;
}

template <class T>
json or_null(std::optional<T> const& value) {
    return value ? json(*value) : json(nullptr);
}

json json_of(counters const& of) {
    return {{"yielded", of.yielded}, {"queued", of.queued()},     {"running", of.running}, {"succeeded", of.succeeded},
            {"failed", of.failed},   {"cancelled", of.cancelled}, {"skipped", of.skipped}, {"timed_out", of.timed_out}};
}

json json_of(error const& failure) {
    return {{"task", bounded(failure.task())},
            {"node", bounded(failure.node())},
            {"code", bounded(frond::detail::text_of(failure.code()))},
            {"message", bounded(failure.message())}};
}

json json_of(std::span<error const> failures) {
    json made = json::array();
    for (error const& each : failures) made.push_back(json_of(each));
    return made;
}

json json_of(std::span<body_progress const> bodies) {
    json made = json::array();
    // What is no number is null.
    for (auto const& each : bodies)
        made.push_back({{"task", bounded(each.task)}, {"done", each.done}, {"of", each.of}});
    return made;
}

/// In milliseconds from the start of the run, so that a wait that goes on is no news.
std::int64_t since(frond::progress const& of, waiting_body const& body) noexcept {
    auto const began = std::max(of.taken - of.started - body.waited, duration::zero());
    return std::chrono::duration_cast<std::chrono::milliseconds>(began).count();
}

bool same_waits(frond::progress const& a, frond::progress const& b) noexcept {
    auto const same = [&](waiting_body const& of_a, waiting_body const& of_b) {
        return of_a.task == of_b.task && since(a, of_a) == since(b, of_b);
    };
    return std::ranges::equal(long_waits(a), long_waits(b), same);
}

json json_of_waits(frond::progress const& of) {
    json made = json::array();
    for (auto const& wait : long_waits(of))
        made.push_back({{"task", bounded(wait.task)}, {"since_ms", since(of, wait)}});
    return made;
}

json head(run_view const& now, std::string_view type) {
    frond::progress const& at = now.progress;
    auto const elapsed = std::max(at.taken - at.started, duration::zero());
    json made = {{"run_id", at.run_id},
                 {"type", type},
                 {"elapsed_ms", std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count()},
                 {"ended", at.ended}};
    if (at.ended) {
        made["outcome"] = !now.failure ? "succeeded" : now.failure->is_canceled() ? "cancelled" : "failed";
        made["failure"] = now.failure ? json_of(*now.failure) : json(nullptr);
    }
    made["failures_total"] = at.failures_total;
    made["retries"] = at.retries;
    return made;
}

bool same(spec_progress const& a, spec_progress const& b) noexcept { return a.tasks == b.tasks; }
bool same(expansion_progress const& a, expansion_progress const& b) noexcept {
    return a.children == b.children && a.total == b.total;
}
bool same(body_progress const& a, body_progress const& b) noexcept {
    return a.task == b.task && a.done == b.done && a.of == b.of;
}
template <class T>
bool same(std::vector<T> const& a, std::vector<T> const& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](T const& x, T const& y) { return same(x, y); });
}

/// Failures are kept in the order in which they came, the first ones: new ones are at the end.
std::span<error const> new_failures(frond::progress const& before, frond::progress const& now) noexcept {
    return std::span(now.failures).subspan(std::min(before.failures.size(), now.failures.size()));
}

}  // namespace

bool differs(run_view const& before, run_view const& now) noexcept {
    frond::progress const& a = before.progress;
    frond::progress const& b = now.progress;
    return a.ended != b.ended || a.failures_total != b.failures_total || a.retries != b.retries ||
           a.failures.size() != b.failures.size() || !same(a.specs, b.specs) || !same(a.expansions, b.expansions) ||
           !same(a.bodies, b.bodies) || !same_waits(a, b);
}

std::string full_json(run_view const& now) {
    frond::progress const& at = now.progress;
    json made = head(now, "full");
    json& specs = made["specs"] = json::array();
    for (std::size_t i = 0; i < at.specs.size(); ++i) {
        spec_progress const& each = at.specs[i];
        specs.push_back({{"index", i},
                         {"name", bounded(each.name)},
                         {"purpose", to_string(each.purpose)},
                         {"expansion", or_null(each.expansion)},
                         {"tasks", json_of(each.tasks)}});
    }
    json& expansions = made["expansions"] = json::array();
    for (std::size_t i = 0; i < at.expansions.size(); ++i) {
        expansion_progress const& each = at.expansions[i];
        expansions.push_back({{"index", i},
                              {"name", bounded(each.name)},
                              {"parent", or_null(each.parent)},
                              {"depth", each.depth},
                              {"total", or_null(each.total)},
                              {"children", json_of(each.children)}});
    }
    made["failures"] = json_of(at.failures);
    made["bodies"] = json_of(at.bodies);
    made["waiting"] = json_of_waits(at);
    return text_of(made);
}

std::string change_json(run_view const& before, run_view const& now) {
    frond::progress const& from = before.progress;
    frond::progress const& to = now.progress;
    json made = head(now, "change");
    json& specs = made["specs"] = json::array();
    for (std::size_t i = 0; i < to.specs.size(); ++i) {
        if (i < from.specs.size() && same(from.specs[i], to.specs[i])) continue;
        specs.push_back({{"index", i}, {"tasks", json_of(to.specs[i].tasks)}});
    }
    json& expansions = made["expansions"] = json::array();
    for (std::size_t i = 0; i < to.expansions.size(); ++i) {
        expansion_progress const& each = to.expansions[i];
        if (i < from.expansions.size() && same(from.expansions[i], each)) continue;
        expansions.push_back({{"index", i}, {"total", or_null(each.total)}, {"children", json_of(each.children)}});
    }
    made["failures"] = json_of(new_failures(from, to));
    if (!same(from.bodies, to.bodies)) made["bodies"] = json_of(to.bodies);
    if (!same_waits(from, to)) made["waiting"] = json_of_waits(to);
    return text_of(made);
}

}  // namespace frond::hooks::detail
