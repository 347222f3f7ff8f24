// Counts durations and tells their quantiles, in memory that does not grow with their number.
//
// Log-linear: each octave is cut into 64 cells of equal width, so a cell is at most 1/64 of what it counts wide, and its
// middle at most 1/128 of that off. Below 64 ns each has a cell of its own. An octave takes 512 bytes once it is needed.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/run_timing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace frond::hooks::detail {

class duration_histogram {
public:
    /// What is negative counts as zero: clocks of events are compared across threads.
    /// Errors: throws std::bad_alloc, and then has not counted it.
    void add(duration time);

    time_spread spread() const;

private:
    static constexpr unsigned cell_bits = 6;
    static constexpr std::size_t cells = std::size_t{1} << cell_bits;
    using octave = std::array<std::uint64_t, cells>;

    duration quantile(std::uint64_t percent) const noexcept;

    std::array<std::unique_ptr<octave>, 64 - cell_bits> octaves_;
    std::uint64_t count_ = 0;
    duration total_{};
    duration least_{};
    duration most_{};
};

}  // namespace frond::hooks::detail
