#include "rows.hpp"

#include "../long_waits.hpp"
#include "../text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t widest_name = 200;  // of an expansion, where a line has room for all of it
constexpr std::size_t most_bodies = 4;    // rows of bodies that have told of themselves last
constexpr std::size_t most_waiting = 3;   // rows of bodies that have waited longest

/// "3/10", "0.25/1", "3".
std::string body_counts(body_progress const& body) {
    auto const text = [](double number) { return fmt::format("{:.6g}", number); };
    return body.of > 0 ? text(body.done) + "/" + text(body.of) : text(body.done);
}

double in_seconds(duration d) noexcept { return std::chrono::duration<double>(d).count(); }

/// The expansions with each below the one that encloses it.
std::vector<std::size_t> in_tree_order(progress const& sample) {
    std::vector<std::size_t> order;
    std::vector<std::size_t> open;
    auto const push_children_of = [&](std::optional<std::size_t> parent) {
        for (std::size_t i = sample.expansions.size(); i-- > 0;) {
            if (sample.expansions[i].parent == parent) open.push_back(i);
        }
    };
    push_children_of(std::nullopt);
    while (!open.empty()) {
        order.push_back(open.back());
        open.pop_back();
        push_children_of(order.back());
    }
    return order;
}

void add(row& to, counters const& from) noexcept {
    to.done += from.succeeded + from.failed + from.timed_out;
    to.open += from.yielded - from.ended();
    to.total += from.yielded;
    to.failed += from.failed + from.timed_out;
    to.cancelled += from.cancelled;
    to.skipped += from.skipped;
}

/// What has not been yielded yet, but will be, is still open.
void promise(row& to, expansion_progress const& from) noexcept {
    if (!from.total || *from.total <= from.children.yielded) return;
    to.open += *from.total - from.children.yielded;
    to.total += *from.total - from.children.yielded;
}

}  // namespace

void rate_meter::add(time_point now, std::uint64_t count) {
    // What waits for its turn is not slow: the time before the first one counts for nothing.
    if (count == 0 || (!kept_.empty() && count < kept_.back().count)) kept_.clear();
    kept_.push_back({now, count});
    while (kept_.size() > 2 && now - kept_[1].at >= std::chrono::seconds(10)) kept_.pop_front();
}

double rate_meter::per_second() const noexcept {
    if (kept_.size() < 2) return 0;
    double const time = in_seconds(kept_.back().at - kept_.front().at);
    return time > 0 ? static_cast<double>(kept_.back().count - kept_.front().count) / time : 0;
}

row painter::run_row(progress const& sample) {
    row made;
    made.name = "run";
    for (auto const& spec : sample.specs) {
        add(made, spec.tasks);
        if (spec.expansion) promise(made, sample.expansions[*spec.expansion]);
        // Outside every expansion a task is one, even before its turn has come.
        if (!spec.expansion && spec.tasks.yielded == 0) {
            ++made.total;
            ++made.open;
        }
    }
    made.retried = sample.retries;
    made.total_known = std::all_of(sample.expansions.begin(), sample.expansions.end(),
                                   [](expansion_progress const& e) { return e.total.has_value(); });
    return made;
}

void painter::measure(row& of, std::size_t meter, progress const& sample, bool ended) {
    rate_meter& measured = meters_[meter];
    measured.add(sample.taken, of.done);
    if (ended) {
        double const time = in_seconds(sample.taken - sample.started);
        of.rate = time > 0 ? static_cast<double>(of.done) / time : 0;
        return;
    }
    of.rate = measured.per_second();
    if (of.total_known && of.open > 0 && of.rate > 0) {
        std::chrono::duration<double> const left(static_cast<double>(of.open) / of.rate);
        if (left < std::chrono::hours(24 * 365)) of.left = std::chrono::duration_cast<duration>(left);
    }
}

row painter::expansion_row(progress const& sample, std::size_t which, bool ended) {
    expansion_progress const& expansion = sample.expansions[which];
    row made;
    made.name = cut(printable(expansion.name, utf8_), widest_name, utf8_);
    made.depth = expansion.depth;
    made.total_known = expansion.total.has_value();
    add(made, expansion.children);
    promise(made, expansion);
    measure(made, which, sample, ended);
    return made;
}

row painter::body_row(body_progress const& body) const {
    constexpr std::uint64_t fine = 1'000'000;
    row made;
    made.name = printable(body.child.empty() ? body.task : body.child, utf8_);
    made.depth = 1;
    made.told = body_counts(body);
    made.total_known = body.of > 0;
    // What a body says may be anything.
    double const share = made.total_known ? std::clamp(body.done / body.of, 0.0, 1.0) : 0;
    made.done = std::isfinite(share) ? static_cast<std::uint64_t>(share * static_cast<double>(fine)) : 0;
    made.total = fine;
    return made;
}

row painter::waiting_row(waiting_body const& body) const {
    row made;
    made.name = printable(body.child.empty() ? body.task : body.child, utf8_);
    made.depth = 1;
    made.waits = true;
    made.told = fmt::format("waits for {} s", std::chrono::duration_cast<std::chrono::seconds>(body.waited).count());
    return made;
}

picture painter::paint(progress const& sample, standing state) {
    meters_.resize(sample.expansions.size() + 1);
    bool const ended = state != standing::running;
    picture made;
    made.state = state;
    made.elapsed = std::max(sample.taken - sample.started, duration::zero());

    row run = run_row(sample);
    measure(run, sample.expansions.size(), sample, ended);
    made.rows.push_back(std::move(run));
    for (std::size_t const which : in_tree_order(sample)) made.rows.push_back(expansion_row(sample, which, ended));

    // The run ends no sooner than the last of its outermost expansions; the number of its tasks says nothing of that while
    // children of children are still to come.
    std::optional<duration> longest;
    bool all_known = true;
    for (row const& r : made.rows) {
        if (r.depth != 1) continue;
        if (r.left) longest = std::max(longest.value_or(duration::zero()), *r.left);
        if (!r.left && !(r.total_known && r.open == 0)) all_known = false;
    }
    if (all_known && longest) made.rows.front().left = longest;
    for (std::size_t i = 0; !ended && i < sample.bodies.size() && i < most_bodies; ++i) {
        made.rows.push_back(body_row(sample.bodies[i]));
    }
    if (ended) return made;
    auto const waits = long_waits(sample);
    for (auto const& wait : waits.first(std::min(waits.size(), most_waiting))) made.rows.push_back(waiting_row(wait));
    return made;
}

}  // namespace frond::hooks::detail
