// The limits of a run: how many tasks hold a slot at once, and how many children of each expander are open at once.
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

/// Says whether this thread holds a slot of the run's limit.
/// It is passed down, so that one slot is taken once for many tasks.
struct slot_credit {
    bool held = false;
};

class limits {
public:
    /// Errors: throws std::bad_alloc.
    explicit limits(plan const& of);

    /// The run's slots: for tasks of purpose execute_block, from their beginning to their end.
    slot_limiter slots;
    /// Gives the slot back, if one is held.
    void give(slot_credit& credit) noexcept {
        if (std::exchange(credit.held, false)) slots.give();
    }

    /// The limiters for the open children of one expansion of a scope: `own`, which is the expansion's, and the one that all of the
    /// scope's expansions share; at least one of the two. Where the scope has no limit, `own` has the run's. Gives the shared
    /// one; null if there is none.
    slot_limiter* open_children(plan_scope const& scope, std::optional<slot_limiter>& own);

private:
    plan const& plan_;
    frame_pool::vector<std::unique_ptr<slot_limiter>> by_scope_;  // null: the scope has no limit of its own
};

}  // namespace frond
