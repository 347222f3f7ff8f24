// Watches the streams of one instance in which some order of reading stands still: whenever something parks, and
// nothing of an expansion goes on by itself, it asks `standstill` which stream has to grow, and lets it.
//
// A stream belongs to an expander and a reader of the same instance, so a standstill begins inside one. What waits for
// the world outside is pending and not parked, so it needs no count.
#pragma once

#include "frond/base/detail/parking.hpp"
#include "frond/plan/plan.hpp"
#include "standstill.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace frond {

class open_expansion;
class result_channel;

/// Thread: `opened`, `began` and `ended` by the task they speak of; `look` by anything that parks.
class stream_watch final : public parking_watch {
public:
    /// Errors: throws std::bad_alloc.
    explicit stream_watch(scope_waits const& of);

    /// The instance gets another child.
    void renew() noexcept;
    void began(std::uint32_t position) noexcept { set(position, standstill::stage::begun); }
    void ended(std::uint32_t position) noexcept { set(position, standstill::stage::ended); }
    /// Before anything of the expansion runs.
    void opened(open_expansion& of) noexcept;
    /// Where what waits for an expansion's gate or for its limit is parked; null: nothing of it is watched.
    parking* other_parking(std::uint32_t position) noexcept;
    /// True if a stream of an expansion is watched.
    bool watches(std::uint32_t position, std::uint32_t sink) const noexcept;

    void look(work_list& woken) noexcept override;

private:
    struct watched_task {
        explicit watched_task(parking_watch& by) noexcept : other(by, parking::reason::other) {}
        std::atomic<standstill::stage> at{
            standstill::stage::waiting};  // released with `ended`: its reader sees the task's effects
        std::atomic<open_expansion*> open{nullptr};
        parking other;
    };

    void set(std::uint32_t position, standstill::stage at) noexcept;
    bool any_stands() noexcept;
    void take_picture() noexcept;
    result_channel* channel_of(std::uint32_t stream) noexcept;
    void grow(std::uint32_t stream, work_list& woken) noexcept;
    task_spec const& spec_at(open_expansion const& of, std::uint32_t task) const;
    std::string text_of_cycle(open_expansion const& of) const;

    scope_waits const& of_;
    std::vector<std::unique_ptr<watched_task>> tasks_;
    standstill standstill_;
};

}  // namespace frond
