// How many tasks and children of a run are in which state,
// and how many children there will be, as far as that is known.
//
// Knows the plan alone: no task, no thread, no time. Counters that change together change in one function here.
//
// Invariants:
//  (1) whenever a spec's or a scope's counters are read, running + ended <= yielded;
//  (2) once every task has ended, running is zero and ended == yielded;
//  (3) a total that `fill` tells can change only where an expander yields more than it has said.
// Thread: any. Each counter only says how many, so every access is relaxed, but for `known_totals::expansions`.
#pragma once

#include "frond/base/detail/frame_pool.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/progress.hpp"
#include "task_counters.hpp"

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace frond {

class counts {
public:
    /// The plan outlives it. Errors: throws std::bad_alloc.
    explicit counts(plan const& of);

    // ---- tasks, one by one

    /// The run begins: the tasks outside expansions exist.
    void begin() noexcept;
    void task_began(task_spec const& spec) noexcept { begin(of(spec)); }
    /// Requires: the task began.
    void task_ended(task_spec const& spec, task_state state) noexcept { end(of(spec), state); }
    /// A task that has not begun, and never will. If it is an expand task, it will have no children.
    void task_skipped(task_spec const& spec) noexcept;
    /// An attempt has failed, and another follows.
    void retried() noexcept { retries_.fetch_add(1, std::memory_order_relaxed); }

    // ---- children, which are instances of a scope

    /// The expander has yielded so many children: from now on they and their tasks exist.
    void children_yielded(plan_scope const& scope, std::uint64_t count) noexcept;
    /// So many children were yielded and will not start.
    void children_skipped(plan_scope const& scope, std::uint64_t count) noexcept;
    /// A child whose tasks are counted one by one.
    void child_began(plan_scope const& scope) noexcept { begin(of(scope)); }
    /// Requires: the child began.
    void child_ended(plan_scope const& scope, task_state state) noexcept { end(of(scope), state); }

    // Children that run straight through are counted together with their tasks, once they have ended.

    void straight_succeeded(plan_scope const& scope, std::uint64_t count) noexcept;
    /// A child that failed in the task `failed`: its tasks before that one succeeded, its tasks behind it never begin.
    void straight_failed(plan_scope const& scope, task_spec const& failed) noexcept;
    /// A child whose tasks succeeded, but whose values could not be given to a collector.
    void straight_undelivered(plan_scope const& scope) noexcept;

    /// The total of one expansion was `before`, and is `now`; none: it is not known.
    void know_total(plan_scope const& scope, std::optional<std::uint64_t> before,
                    std::optional<std::uint64_t> now) noexcept;

    // ---- reading

    counters of_spec(std::size_t spec) const noexcept { return specs_[spec].read(); }
    /// The sum over all specs.
    counters tasks() const noexcept;
    /// The sum over all scopes of children.
    counters children() const noexcept;
    std::uint64_t retries() const noexcept { return retries_.load(std::memory_order_relaxed); }
    /// Makes the specs and the expansions of a progress. `ended`: every task has ended. Errors: throws std::bad_alloc.
    void fill(progress& made, bool ended) const;

private:
    /// The expansions of one expander whose totals are known, and these totals.
    struct known_totals {
        // How many expansions have a known total, since they have ended, have said so, or were never opened. Released
        // after `children` has changed: a reader that sees an expansion counted here sees its children counted there.
        std::atomic<std::uint64_t> expansions{0};
        std::atomic<std::uint64_t> children{0};  // the sum of these totals
    };

    task_counters& of(task_spec const& spec) noexcept {
        assert(&spec >= plan_.specs.data() && &spec < plan_.specs.data() + specs_.size());
        return specs_[static_cast<std::size_t>(&spec - plan_.specs.data())];
    }
    std::size_t index_of(plan_scope const& scope) const noexcept {
        assert(&scope > plan_.scopes.data() && &scope < plan_.scopes.data() + children_.size());
        return static_cast<std::size_t>(&scope - plan_.scopes.data());
    }
    task_counters& of(plan_scope const& scope) noexcept { return children_[index_of(scope)]; }

    static void begin(task_counters& counted) noexcept { counted.running.fetch_add(1, std::memory_order_relaxed); }
    static void end(task_counters& counted, task_state state) noexcept {
        assert(state != task_state::running && state != task_state::skipped);
        [[maybe_unused]] auto const running = counted.running.fetch_sub(1, std::memory_order_relaxed);
        assert(running != 0);
        counted.add(state);
    }
    void add_to_tasks(plan_scope const& scope, task_state state, std::uint64_t count) noexcept;
    std::optional<std::uint64_t> total_of(std::size_t scope, progress const& enclosing) const noexcept;

    plan const& plan_;
    frame_pool::vector<task_counters> specs_;                 // by spec
    frame_pool::vector<task_counters> children_;              // by scope; [0] is not used
    frame_pool::vector<known_totals> totals_;                 // by scope; [0] is not used
    frame_pool::vector<std::atomic<std::uint64_t>> skipped_;  // by scope: children that were yielded, and never started
    std::atomic<std::uint64_t> retries_{0};
};

}  // namespace frond
