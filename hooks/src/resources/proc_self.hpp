// What Linux tells of this process: reading its files, and, apart from that, what is in them.
#pragma once

#include "frond/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace frond::hooks::detail {

/// What a process has taken by now.
struct usage {
    duration user{};  // since it began
    duration system{};
    std::uint64_t memory = 0;  // resident, in bytes
    std::uint64_t threads = 0;
    std::uint64_t open_files = 0;
};

struct stat_text {
    std::uint64_t user = 0;  // in ticks
    std::uint64_t system = 0;
    std::uint64_t threads = 0;
};

/// What is in /proc/self/stat: "17 (name) S 1 ...". The name is the process's own choice and may be anything.
/// None: it is something else.
std::optional<stat_text> parse_stat(std::string_view text) noexcept;
/// Resident pages, from /proc/self/statm.
std::optional<std::uint64_t> parse_statm(std::string_view text) noexcept;
/// A number of ticks in steps of a second's `per_second`-th part.
duration time_of(std::uint64_t ticks, std::uint64_t per_second) noexcept;

/// Errors: throws std::system_error that names the file which could not be read.
usage read_usage();

}  // namespace frond::hooks::detail
