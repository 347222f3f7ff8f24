// What takes values from an expander's source: a lane, as the source sees it.
#pragma once

#include "child_batch.hpp"
#include "frond/base/executor.hpp"

#include <cstdint>

namespace frond {

/// Thread: that of the lane.
class puller : public wakeable {
public:
    /// Hands over all that it holds, since it is about to park.
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
