// What bounds a run: how many tasks hold a slot at once, and how many children of each expander are open at once.
//
// Knows the plan alone. Thread: any.
#pragma once

#include "frond/plan/plan.hpp"
#include "slot_limiter.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace frond {

/// A slot of the run's limit that is at hand on this thread; passed down so that it is taken once for many tasks.
struct slot_credit {
    bool held = false;
};

class limits {
public:
    /// Errors: throws std::bad_alloc.
    explicit limits(plan const& of);

    /// The run's: for tasks of purpose execute_block, from their beginning to their end.
    slot_limiter slots;
    /// Gives the slot back, if one is held.
    void give(slot_credit& credit) noexcept {
        if (std::exchange(credit.held, false)) slots.give();
    }

    /// For the open children of a scope. Where the scope has no limit of its own, each expansion has one in `own`, as wide as
    /// the run's.
    slot_limiter& open_children(plan_scope const& scope, std::optional<slot_limiter>& own);

private:
    plan const& plan_;
    std::vector<std::unique_ptr<slot_limiter>> by_scope_;  // null: it has no limit of its own
};

}  // namespace frond
