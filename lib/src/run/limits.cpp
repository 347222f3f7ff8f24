#include "limits.hpp"

#include <cassert>
#include <cstddef>

namespace frond {

limits::limits(plan const& of) : slots(of.options.limit), plan_(of), by_scope_(of.scopes.size()) {
    for (std::size_t i = 1; i < of.scopes.size(); ++i) {
        if (of.scopes[i].limit != 0) by_scope_[i] = std::make_unique<slot_limiter>(of.scopes[i].limit);
    }
}

slot_limiter* limits::open_children(plan_scope const& scope, std::optional<slot_limiter>& own) {
    auto const at = static_cast<std::size_t>(&scope - plan_.scopes.data());
    assert(at != 0 && at < by_scope_.size());
    if (scope.limit_each != 0 || !by_scope_[at]) {
        own.emplace(scope.limit_each != 0 ? scope.limit_each : plan_.options.limit);
    }
    return by_scope_[at].get();
}

}  // namespace frond
