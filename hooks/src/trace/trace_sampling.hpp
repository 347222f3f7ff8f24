// Which children a trace shows: few enough for a file that can be looked at, chosen by where they stand.
#pragma once

#include "frond/run/event.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace frond::hooks::detail {

/// A child's rank is the product of `index + 1` over all levels, minus 1. It is shown if the child around it is, and if its
/// rank is below N, or its index a multiple of 16 * 2^k where its rank is N * 2^k or more, and less than twice that.
/// N is a power of two for each expansion of the plan, chosen so that a run of 10^9 children stays within the bound.
class trace_sampling {
public:
    trace_sampling(plan const& of, std::uint64_t max_events, bool nodes);

    /// Whether the task's child is shown; what is outside every expansion is.
    bool shows(task_id const& task) const noexcept;
    /// N of an expansion.
    std::uint64_t all_below(std::size_t scope) const noexcept { return std::uint64_t{1} << log_[scope]; }
    /// The rule in words.
    static std::string_view rule() noexcept;

private:
    std::vector<unsigned> log_;  // by scope: N is two to the power of it
};

}  // namespace frond::hooks::detail
