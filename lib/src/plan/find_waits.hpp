// Which streams of a scope can be full in a standstill. (What would stand still in every order of reading is no graph.)
#pragma once

#include "frond/plan/plan.hpp"

#include <optional>

namespace frond::detail {

/// What a run has to watch in a scope of a plan that is derived but for this; none, if nothing in it can stand still.
std::optional<scope_waits> find_waits(plan const& made, plan_scope const& scope);

}  // namespace frond::detail
