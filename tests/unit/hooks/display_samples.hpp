// Pictures of runs, as the tests of the display want them.
#pragma once

#include "terminal/block.hpp"
#include "terminal/rows.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace samples {

inline frond::hooks::detail::row row_of(std::string name, std::uint32_t depth, std::uint64_t done, std::uint64_t total,
                                        bool total_known) {
    frond::hooks::detail::row made;
    made.name = std::move(name);
    made.depth = depth;
    made.done = done;
    made.total = total;
    made.total_known = total_known;
    return made;
}

/// Twenty seconds into a run with two levels, the outer one half done.
inline frond::hooks::detail::picture two_levels() {
    frond::hooks::detail::picture made;
    made.elapsed = std::chrono::seconds(20);
    made.rows = {row_of("run", 0, 30, 120, false), row_of("file", 1, 5, 10, true), row_of("chunk", 2, 25, 100, false)};
    made.rows[0].left = std::chrono::seconds(20);
    made.rows[0].failed = 2;
    made.rows[1].rate = 0.25;
    made.rows[1].left = std::chrono::seconds(20);
    made.rows[2].rate = 12.4;
    made.rows[2].failed = 2;
    return made;
}

inline frond::hooks::detail::look ascii(std::size_t width, std::size_t height = 24) {
    frond::hooks::detail::look made;
    made.width = width;
    made.height = height;
    made.utf8 = false;
    return made;
}

}  // namespace samples
