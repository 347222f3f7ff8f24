// Some tasks of a spec, evenly spread over all that have ended: each one, or every 2nd, 4th, 8th ... in the order in which
// they ended, so that 128 at most are kept.
#pragma once

#include "way.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace frond::hooks::detail {

class task_sample {
public:
    struct entry {
        task_mark task;
        time_point from{};
        time_point to{};
    };

    void see(task_id const& task, time_point from, time_point to) {
        if (seen_++ % stride_ != 0) return;
        if (kept_.size() == most) {
            for (std::size_t i = 0; i < most / 2; ++i) kept_[i] = std::move(kept_[2 * i]);
            kept_.resize(most / 2);
            stride_ *= 2;  // the one at hand is a multiple of that too
        }
        kept_.push_back({task_mark(task), from, to});
    }

    std::vector<entry> const& kept() const noexcept { return kept_; }

private:
    static constexpr std::size_t most = 128;

    std::uint64_t seen_ = 0;
    std::uint64_t stride_ = 1;
    std::vector<entry> kept_;
};

}  // namespace frond::hooks::detail
