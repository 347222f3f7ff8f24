// How much memory the process has.
#pragma once

#include <cstdint>
#include <optional>

namespace frond::hooks::detail {

/// The bytes that are resident, by /proc/self/statm; none where that does not tell.
std::optional<std::uint64_t> resident_bytes() noexcept;

}  // namespace frond::hooks::detail
