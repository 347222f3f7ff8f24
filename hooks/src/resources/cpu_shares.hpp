// Whose CPU time it was, as far as the counters tell. resources.hpp states the rule.
//
// Pure. Thread: none; guard it from outside.
#pragma once

#include "frond/hooks/resources.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace frond::hooks::detail {

class cpu_shares {
public:
    /// The last counters of a run that goes on.
    void update(progress const& now);
    void end(std::uint64_t run_id);

    /// Divides what was taken since the last call.
    void divide(duration cpu);

    std::vector<resource_share> const& shares() const noexcept { return shares_; }
    std::uint64_t running() const noexcept;
    std::uint64_t queued() const noexcept;

private:
    struct spec {
        std::size_t share;  // in shares_
        counters now;
        std::uint64_t running_before = 0;  // when time was last divided
        std::uint64_t ended_before = 0;
    };
    using run = std::vector<spec>;  // as in the plan

    std::size_t share_of(std::string const& name);

    std::map<std::uint64_t, run> runs_;
    std::vector<std::uint64_t> over_;  // ended, and to be forgotten when time has been divided
    std::vector<resource_share> shares_;
    std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace frond::hooks::detail
