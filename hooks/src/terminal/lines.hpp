// What is said of a run in words: the parts of its rows, and whole lines.
#pragma once

#include "rows.hpp"

#include "frond/base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace frond::hooks::detail {

/// One run in one line of any length: "run 0:20: 812/1000+ tasks, 40/s; file 123/456+, 6/s, 2 failed".
std::string plain_line(picture const& of);

/// All runs in one line of at most `width` columns: one as above, behind a bar; several as
/// "3 runs: run 7 30/120+, 0:20 left; run 8 5/10; 1 more".
std::string line_of_all(std::vector<picture const*> const& runs, std::size_t width, bool utf8);

/// "failed: block-file.3 (words): no such file"; with the name of a run, "failed: run 7: block-file.3 (words): no such file".
std::string failure_line(error const& failure, bool utf8, std::string_view run = {});

/// "12/40+": done of all, with a `+` while there may be more. Of a body, what it says.
std::string counts_text(row const& of);
/// "2 failed, 1 cancelled"; empty if all is well.
std::string mishaps_text(row const& of);
/// How a run stands: "0:20" while it goes on, "done in 3.2s".
std::string state_text(picture const& of);
/// "0:07", "1:02:03", "4d 05h"; full seconds, rounded up.
std::string clock_text(duration time);
/// "1.5/min", "2.5/s", "12k/s"; empty if it is 0.
std::string rate_text(double per_second);
/// "████░░░░": as much of `cells` as is done. Without a known total a block of a fifth, at the place of `elapsed`.
std::string bar_text(row const& of, std::size_t cells, duration elapsed, standing state, bool utf8);

}  // namespace frond::hooks::detail
