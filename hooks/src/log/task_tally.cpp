#include "task_tally.hpp"

namespace frond::hooks::detail {

namespace {

void count(counters& to, task_state state) noexcept {
    switch (state) {
        case task_state::running: break;
        case task_state::succeeded: ++to.succeeded; break;
        case task_state::failed: ++to.failed; break;
        case task_state::cancelled: ++to.cancelled; break;
        case task_state::skipped: ++to.skipped; break;
        case task_state::timed_out: ++to.timed_out; break;
    }
}

/// What is left; nothing where a log with gaps tells of more than there was.
std::uint64_t rest(std::uint64_t of, std::uint64_t without) noexcept { return of > without ? of - without : 0; }

}  // namespace

task_tally::task_tally(tallied_plan plan)
    : plan_(std::move(plan)), specs_(plan_.specs.size()), scopes_(plan_.scopes.size()) {
    for (std::size_t i = 0; i < plan_.specs.size(); ++i) {
        tallied_scope& in = scopes_[plan_.specs[i].scope];
        ++in.specs;
        in.only = i;
    }
    for (auto& each : scopes_) each.simple = each.specs == 1;
    for (std::size_t i = 1; i < scopes_.size(); ++i) scopes_[plan_.scopes[i].parent].simple = false;
}

void task_tally::tallied_scope::forget_what_was_said(indices const& at) {
    auto const found = said.find(at);
    if (found == said.end()) return;
    --expansions;
    totals -= found->second;
    said.erase(found);
}

void task_tally::yielded(std::size_t scope, indices const& at, std::uint64_t index) {
    tallied_scope& in = scopes_[scope];
    ++in.yielded;
    auto const found = in.said.find(at);
    if (found != in.said.end() && index >= found->second) in.forget_what_was_said(at);  // it had said less
}

void task_tally::total_said(std::size_t scope, indices const& at, std::uint64_t children) {
    tallied_scope& in = scopes_[scope];
    in.forget_what_was_said(at);
    in.said.emplace(at, children);
    ++in.expansions;
    in.totals += children;
}

void task_tally::expansion_ended(std::size_t scope, indices const& at, std::uint64_t children) {
    tallied_scope& in = scopes_[scope];
    in.forget_what_was_said(at);
    ++in.expansions;
    in.totals += children;
}

void task_tally::begun(std::size_t spec, indices const& at) {
    ++specs_[spec].running;
    std::size_t const scope = plan_.specs[spec].scope;
    if (scope != 0 && !scopes_[scope].simple) ++scopes_[scope].children[at].begun;
}

void task_tally::ended(std::size_t spec, indices const& at, task_state state) {
    counters& tasks = specs_[spec];
    tasks.running = rest(tasks.running, 1);
    count(tasks, state);
    std::size_t const scope = plan_.specs[spec].scope;
    if (state == task_state::failed) note_failure(scope, at);
    if (scope == 0) return;
    tallied_scope& in = scopes_[scope];
    if (in.simple) {
        count(in.ended, state);
        return;
    }
    auto const found = in.children.try_emplace(at).first;
    child& of = found->second;
    ++of.ended;
    if (state == task_state::succeeded) ++of.succeeded;
    if (state == task_state::failed) of.failed = true;
    if (state == task_state::timed_out) of.timed_out = true;
    if (of.succeeded != in.specs) return;
    ++in.ended.succeeded;
    in.children.erase(found);
}

// A failure goes outwards to the first child that is a value for its collectors, or to the run.
void task_tally::note_failure(std::size_t scope, indices at) {
    while (scope != 0 && !plan_.scopes[scope].failures_are_values) {
        scope = plan_.scopes[scope].parent;
        at.pop_back();
    }
    if (scope == 0 || scopes_[scope].simple) return;
    // One that has no record any more has succeeded, in spite of that.
    auto const found = scopes_[scope].children.find(at);
    if (found != scopes_[scope].children.end()) found->second.failed_within = true;
}

counters task_tally::children_of(std::size_t scope) const {
    tallied_scope const& in = scopes_[scope];
    counters made = in.ended;
    made.yielded = in.yielded;
    made.skipped = in.not_started;
    if (in.simple && !over_) made.running = specs_[in.only].running;
    for (auto const& [at, each] : in.children) {
        if (!over_) {
            ++made.running;
        } else if (each.failed || each.failed_within) {
            ++made.failed;
        } else if (each.timed_out) {
            ++made.timed_out;
        }
    }
    // Children without tasks are what their expander has yielded: nothing can go wrong with them.
    if (over_) {
        made.cancelled = 0;
        (in.specs == 0 ? made.succeeded : made.cancelled) = rest(made.yielded, made.ended());
    }
    return made;
}

std::optional<std::uint64_t> task_tally::total_of(std::size_t scope, std::optional<std::uint64_t> around) const {
    tallied_scope const& in = scopes_[scope];
    if (over_) return in.yielded;
    std::size_t const parent = plan_.scopes[scope].parent;
    if (parent != 0 && !around) return std::nullopt;
    std::uint64_t const expected = parent != 0 ? rest(*around, scopes_[parent].not_started) : 1;
    return in.expansions >= expected ? std::optional(in.totals) : std::nullopt;
}

progress task_tally::counted() const {
    progress made;
    made.ended = over_;
    for (std::size_t i = 0; i < plan_.specs.size(); ++i) {
        auto const& spec = plan_.specs[i];
        bool const inside = spec.scope != 0;
        counters tasks = specs_[i];
        tasks.yielded = inside ? scopes_[spec.scope].yielded : 1;
        if (over_) {
            tasks.running = 0;
            tasks.skipped = rest(tasks.yielded, tasks.ended());
        } else if (inside) {
            tasks.skipped = scopes_[spec.scope].not_started;
        }
        made.specs.push_back({spec.name, spec.purpose, inside ? std::optional(spec.scope - 1) : std::nullopt, tasks});
    }
    for (std::size_t i = 1; i < plan_.scopes.size(); ++i) {
        auto const& scope = plan_.scopes[i];
        expansion_progress each;
        each.name = scope.expander;
        if (scope.parent != 0) each.parent = scope.parent - 1;
        each.depth = scope.depth;
        each.children = children_of(i);
        std::optional<std::uint64_t> around;
        if (each.parent) around = made.expansions[*each.parent].total;
        each.total = total_of(i, around);
        made.expansions.push_back(std::move(each));
    }
    return made;
}

}  // namespace frond::hooks::detail
