// The timeline of the page: when the tasks of each spec ran, how busy each thread was, and where the critical path went.
#pragma once

#include "frond/hooks/run_timing.hpp"

#include <cstddef>
#include <string>

namespace frond::hooks::detail {

void add_timeline(std::string& to, run_timing const& of);

/// "style=\"--c:var(--s3)\"": the colour of a spec.
std::string colour_of(std::size_t spec);

}  // namespace frond::hooks::detail
