// Refuses a hook's option where it is given: the message names the option, the value and the remedy.
#pragma once

#include "frond/base/time_span.hpp"
#include "frond/run/observer_policy.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace frond::hooks::detail {

/// The value, if it is right. `option` names it as its user does, such as "metrics_options: interval".
/// Errors: throws std::invalid_argument.
duration longer_than_zero(char const* option, time_span given);
duration zero_or_longer(char const* option, time_span given);
std::uint64_t within(char const* option, std::uint64_t given, std::uint64_t least, std::uint64_t most);
int descriptor(char const* option, int given);
/// The bounds of a histogram: at least one, positive, finite, ascending.
std::vector<double> ascending(char const* option, std::vector<double> given);
/// A policy by which a hook is told of tasks.
observer_policy telling(char const* option, observer_policy const& given);

}  // namespace frond::hooks::detail
