// What came of the samples: a series of bounded length, and a summary of all of them.
//
// Pure: points come in, in the order of time. resources.hpp states the rules.
#pragma once

#include "frond/hooks/resources.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace frond::hooks::detail {

/// Invariants:
///  (1) points_ are of `samples_in_one_` samples each, and fewer than most_;
///  (2) begun_ has the samples since, fewer than that.
class resource_series {
public:
    explicit resource_series(std::size_t most);

    void add(resource_point const& sample);
    /// The oldest first; the last one may be of fewer samples than the others.
    std::vector<resource_point> points() const;

private:
    static void put_together(resource_point& into, resource_point const& later);
    void halve();

    std::size_t most_;
    std::size_t samples_in_one_ = 1;
    std::vector<resource_point> points_;
    std::optional<resource_point> begun_;
    std::size_t samples_begun_ = 0;
};

/// Sums and peaks of all samples; the shares are somebody else's.
class resource_totals {
public:
    void add(resource_point const& sample) noexcept;
    resource_summary summary() const;

private:
    resource_summary so_far_;  // of its means the sums, each sample times its seconds
};

}  // namespace frond::hooks::detail
