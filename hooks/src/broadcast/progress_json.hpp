// A run's progress as JSON: all of it, or what has changed since an earlier snapshot. broadcast.hpp has the format.
//
// Pure. The text is ASCII in one line, without < > and &, whatever the names are: it can stand in a log, in a stream of
// server-sent events and in a page.
#pragma once

#include "frond/base/error.hpp"
#include "frond/run/progress.hpp"

#include <optional>
#include <string>

namespace frond::hooks::detail {

/// A run, as far as it is known.
struct run_view {
    frond::progress progress;
    std::optional<error> failure;  // of an ended one; none: it succeeded, or has not ended
};

/// True if there is something to tell beside the time.
bool differs(run_view const& before, run_view const& now) noexcept;

std::string full_json(run_view const& now);
/// Requires: both are of one run.
std::string change_json(run_view const& before, run_view const& now);

}  // namespace frond::hooks::detail
