// How many things went on at once over the time of a run, exactly, in 4 KiB: 256 slices of time, which become twice as
// long, two into one, when the run outgrows them.
//
// It is told of changes, in any order: of each it keeps how many there were in a slice, and how much of the slice they
// took. What went on in a slice is then what the slices before have left, and the part of the changes within.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/run_timing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace frond::hooks::detail {

class activity_meter {
public:
    /// `by` more go on from `at` on, a duration since the run began.
    void change(duration at, int by) noexcept;

    /// Up to `until`, in slices that are as long as those of any other meter for the same time, at least 128 of them if the run
    /// took more than 131 us.
    activity until(duration end) const;

private:
    static constexpr std::size_t slices = 256;

    void double_slices() noexcept;

    std::int64_t slice() const noexcept { return std::int64_t{1} << shift_; }

    unsigned shift_ = 10;  // a slice is 2 to the power of it, in nanoseconds: dividing by it takes no time
    struct part {
        std::int64_t net = 0;   // changes within the slice
        std::int64_t time = 0;  // for each of them, what was left of the slice, in nanoseconds
    };
    std::array<part, slices> parts_{};
};

}  // namespace frond::hooks::detail
