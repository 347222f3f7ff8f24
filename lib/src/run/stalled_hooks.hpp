// Remembers the lossless hooks that held a run back for their whole stall limit, so that the next run does not wait for as
// long again.
//
// Only the last few are remembered, and by their address: a hook that takes the place of a destroyed one is trusted for a
// shorter time in its first run, and no harm is done.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>

namespace frond {

/// Thread: any. Allocates nothing.
class stalled_hooks {
public:
    /// Those of this process.
    static stalled_hooks& all() noexcept;

    /// The hook was downgraded. The oldest of those that are remembered is forgotten if there is no room.
    void add(void const* hook) noexcept;
    /// The hook held a run back, and caught up in time.
    void remove(void const* hook) noexcept;
    bool has(void const* hook) const noexcept;

private:
    static constexpr std::size_t most = 64;

    mutable std::mutex mutex_;  // guards what follows
    std::array<void const*, most> hooks_{};
    std::size_t next_ = 0;  // the place of the oldest
};

}  // namespace frond
