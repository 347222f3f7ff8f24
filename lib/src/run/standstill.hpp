// Decides whether tasks and streams of one instance wait for each other, and which stream has to grow then: the
// smallest full stream of the cycle (Parks; Geilen and Basten).
//
// Gets a picture of the instance and gives a stream. Knows no instance, no expansion, no clock and no thread.
#pragma once

#include "frond/plan/detail/scope_waits.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frond {

/// Thread: one at a time. No member allocates but the constructor.
class standstill {
public:
    static constexpr std::uint32_t none = scope_waits::none;

    enum class stage : std::uint8_t {
        waiting,  // for the tasks that it needs, or just about to begin
        begun,    // and not ended; of an expand task: its expansion is not over
        ended,
    };
    struct task_picture {
        stage at = stage::waiting;
        // Of an expand task alone:
        unsigned pending = 0;  // of its expansion; 0: the expansion has not been opened yet, or is about to end
        unsigned parked = 0;   // the part of `pending` that is parked, but not for room in a stream
        bool awaits = false;   // the expander awaits something, which counts as one in `pending`
    };
    struct stream_picture {
        bool asleep = false;    // the reader waits for an element
        unsigned parked = 0;    // the part of the expansion's `pending` that waits for room in the stream
        std::size_t bytes = 0;  // that the stream may hold
    };
    /// One task of the cycle. It waits for the task of the next wait, the last one for that of the first.
    struct wait {
        std::uint32_t task;
        std::uint32_t full;  // the stream in which the task waits for room; none: it waits for something else
    };

    /// `of` must outlive this. Errors: throws std::bad_alloc.
    explicit standstill(scope_waits const& of);

    // ---- the picture
    task_picture& task(std::size_t i) noexcept { return tasks_[i]; }
    stream_picture& stream(std::size_t i) noexcept { return streams_[i]; }

    /// The stream that has to grow, or `none` if each task that waits for room waits for one that still goes on.
    std::uint32_t find() noexcept;
    /// After `find` has given a stream: the cycle of waits that the stream is in.
    std::span<wait const> cycle() const noexcept { return {cycle_.data(), cycle_length_}; }

private:
    bool may_stand(std::uint32_t task) const noexcept;
    bool met(scope_waits::need const& need) const noexcept;
    std::uint32_t asleep_in(std::uint32_t task) const noexcept;
    std::uint32_t waits_for(std::uint32_t task, std::uint32_t& full) const noexcept;
    void let_go() noexcept;
    void follow(std::uint32_t task) noexcept;

    scope_waits const& of_;
    std::vector<task_picture> tasks_;
    std::vector<stream_picture> streams_;
    std::vector<std::uint8_t> stands_;   // by task: it waits for another task that stands
    std::vector<std::uint32_t> met_at_;  // by task: its place in the path that `follow` goes; none: not on it yet
    std::vector<wait> cycle_;
    std::size_t cycle_length_ = 0;
};

}  // namespace frond
