// How many of something there are over time, from changes that come in any order, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace frond::hooks::detail {

/// The mean of a count in each of at most 1024 stretches of time; they get longer as time goes on.
class timeline {
public:
    /// The count changes at that time, in nanoseconds since the first one that there may be.
    void add(std::int64_t at, std::int64_t change);

    /// What the count is in the end.
    std::int64_t left() const noexcept;

    struct point {
        std::int64_t from;  // until the next one
        double mean;
    };
    /// One where the mean changes, in the order of time.
    std::vector<point> points() const;

private:
    struct stretch {
        std::int64_t change = 0;
        double part = 0;  // what its changes add to its own mean
    };
    void lengthen();

    std::int64_t width_ = 1024;
    std::vector<stretch> stretches_;
};

}  // namespace frond::hooks::detail
