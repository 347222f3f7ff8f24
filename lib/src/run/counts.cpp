#include "counts.hpp"

#include "frond/base/printable.hpp"

#include <span>

namespace frond {

namespace {

counters sum_of(std::span<task_counters const> all) noexcept {
    counters sum;
    for (auto const& each : all) {
        counters const more = each.read();
        sum.yielded += more.yielded;
        sum.running += more.running;
        sum.succeeded += more.succeeded;
        sum.failed += more.failed;
        sum.cancelled += more.cancelled;
        sum.skipped += more.skipped;
        sum.timed_out += more.timed_out;
    }
    return sum;
}

}  // namespace

counts::counts(plan const& of)
    : plan_(of),
      specs_(of.specs.size()),
      children_(of.scopes.size()),
      totals_(of.scopes.size()),
      skipped_(of.scopes.size()) {}

void counts::begin() noexcept {
    for (std::uint32_t const id : plan_.scopes[0].specs) specs_[id].yielded.store(1, std::memory_order_relaxed);
}

void counts::task_skipped(task_spec const& spec) noexcept {
    if (spec.opens) totals_[*spec.opens].expansions.fetch_add(1, std::memory_order_relaxed);
    of(spec).add(task_state::skipped);
}

void counts::children_yielded(plan_scope const& scope, std::uint64_t count) noexcept {
    of(scope).yielded.fetch_add(count, std::memory_order_relaxed);
    for (std::uint32_t const id : scope.specs) specs_[id].yielded.fetch_add(count, std::memory_order_relaxed);
}

void counts::children_skipped(plan_scope const& scope, std::uint64_t count) noexcept {
    of(scope).add(task_state::skipped, count);
    skipped_[index_of(scope)].fetch_add(count, std::memory_order_relaxed);
    add_to_tasks(scope, task_state::skipped, count);
}

void counts::straight_succeeded(plan_scope const& scope, std::uint64_t count) noexcept {
    of(scope).add(task_state::succeeded, count);
    add_to_tasks(scope, task_state::succeeded, count);
}

void counts::straight_failed(plan_scope const& scope, task_spec const& failed) noexcept {
    of(scope).add(task_state::failed);
    auto state = task_state::succeeded;
    for (std::uint32_t const id : scope.specs) {
        bool const here = &plan_.specs[id] == &failed;
        specs_[id].add(here ? task_state::failed : state);
        if (here) state = task_state::skipped;
    }
    assert(state == task_state::skipped);
}

void counts::straight_undelivered(plan_scope const& scope) noexcept {
    of(scope).add(task_state::failed);
    add_to_tasks(scope, task_state::succeeded, 1);
}

void counts::add_to_tasks(plan_scope const& scope, task_state state, std::uint64_t count) noexcept {
    for (std::uint32_t const id : scope.specs) specs_[id].add(state, count);
}

void counts::know_total(plan_scope const& scope, std::optional<std::uint64_t> before,
                        std::optional<std::uint64_t> now) noexcept {
    known_totals& known = totals_[index_of(scope)];
    known.children.fetch_add(now.value_or(0) - before.value_or(0), std::memory_order_relaxed);
    if (now && !before) known.expansions.fetch_add(1, std::memory_order_release);
    if (before && !now) known.expansions.fetch_sub(1, std::memory_order_release);
}

// ---- reading

counters counts::tasks() const noexcept { return sum_of(specs_); }
counters counts::children() const noexcept { return sum_of(children_); }

// The total is known once the total of the enclosing expansion is known, and the expansion in each of its children has
// said how many children there will be, or has ended, or will never open. Children that never started need say nothing.
std::optional<std::uint64_t> counts::total_of(std::size_t scope, progress const& enclosing) const noexcept {
    std::uint64_t const said = totals_[scope].expansions.load(std::memory_order_acquire);
    std::uint64_t expected = 1;
    if (std::size_t const parent = plan_.scopes[scope].parent; parent != 0) {
        auto const& total = enclosing.expansions[parent - 1].total;
        if (!total) return std::nullopt;
        expected = *total - skipped_[parent].load(std::memory_order_relaxed);
    }
    if (said < expected) return std::nullopt;
    return totals_[scope].children.load(std::memory_order_relaxed);
}

void counts::fill(progress& made, bool ended) const {
    made.specs.reserve(plan_.specs.size());
    for (std::size_t i = 0; i < plan_.specs.size(); ++i) {
        task_spec const& spec = plan_.specs[i];
        made.specs.push_back({printable(spec.name), spec.purpose,
                              spec.scope == 0 ? std::nullopt : std::optional(spec.scope - 1), specs_[i].read()});
    }
    made.expansions.reserve(plan_.scopes.size() - 1);
    for (std::size_t i = 1; i < plan_.scopes.size(); ++i) {
        plan_scope const& scope = plan_.scopes[i];
        expansion_progress each;
        each.name = printable(plan_.graph[*scope.expander_node].name);
        if (scope.parent != 0) each.parent = scope.parent - 1;
        each.depth = scope.depth;
        // Read before the total: an expander that yields more than it has said takes back its total first.
        each.children = children_[i].read();
        each.total = ended ? each.children.yielded : total_of(i, made);
        made.expansions.push_back(std::move(each));
    }
    made.retries = retries();
}

}  // namespace frond
