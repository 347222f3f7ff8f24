// How a picture of a run is written: lines that fit a screen, or one line for a log.
#pragma once

#include "rows.hpp"

#include "frond/base/error.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace frond::hooks::detail {

/// The screen to write for.
struct look {
    std::size_t width = 80;
    std::size_t height = 24;
    bool utf8 = true;
};

/// At most height - 1 lines, each narrower than the screen: the cursor stays below them. What has no room is left out from
/// the end, and the last line says how many rows that are. Once the run has ended there is a line in any case.
///
/// A bar fills up once the total is known; until then, with a `+` behind the total, a block wanders through it.
std::vector<std::string> block_lines(picture const& of, look const& on);

/// The same in one line of any length: "run 0:20  812/1000+ tasks, 40/s; file 123/456+, 6/s, 2 failed".
std::string plain_line(picture const& of);

/// "failed: block-file.3 (words): no such file".
std::string failure_line(error const& failure, bool utf8);

/// "0:07", "1:02:03", "4d 05h"; full seconds, rounded up.
std::string clock_text(duration time);
/// "1.5/min", "2.5/s", "12k/s"; empty if it is 0.
std::string rate_text(double per_second);
/// "████░░░░": as much of `cells` as is done. Without a known total a block of a fifth, at the place of `elapsed`.
std::string bar_text(row const& of, std::size_t cells, duration elapsed, standing state, bool utf8);

}  // namespace frond::hooks::detail
