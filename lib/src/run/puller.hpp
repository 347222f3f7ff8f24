// The part of a lane that an expander's source uses, while the lane takes values from it.
#pragma once

#include "child_batch.hpp"
#include "frond/base/executor.hpp"

#include <cstdint>

namespace frond {

/// Thread: that of the lane.
class puller : public wakeable {
public:
    /// Must be called before the lane parks: hands over results, counters and events, and gives the slots back.
    virtual void let_go() noexcept = 0;
    /// Hands its events over.
    virtual void tell() noexcept = 0;
    /// So many values are in the batch, which was empty.
    virtual void got(std::uint64_t first_index, unsigned count) noexcept = 0;

    child_batch batch;

protected:
    /// Errors: throws std::bad_alloc.
    puller(function act, value_type const& type, unsigned capacity) : wakeable(act), batch(type, capacity) {}
    ~puller() = default;
};

}  // namespace frond
