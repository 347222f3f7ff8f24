// Collects the events of a lane's children, until the lane hands them over to the hooks.
//
// Events reach hooks before the results that they tell of can be read, and before the lane parks. Children that go well
// may be gathered: noted many at a time, as one record; a child that fails or tells of itself is noted apart then.
#pragma once

#include "event_record.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/hook_moment.hpp"
#include "open_expansion.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace frond {

class child_batch;
class instance;

/// Thread: one at a time.
class child_notes {
public:
    explicit child_notes(open_expansion const& of) noexcept : of_(of) {}

    // ---- one by one
    void yielded(child_batch const& batch) noexcept;
    void note(instance const& child, task_spec const& spec, hook_moment moment, task_state state,
              error const* failure = nullptr, plan_step const* step = nullptr) noexcept;
    void begin(instance const& child, task_spec const& spec) noexcept;
    void end(instance const& child, task_spec const& spec, task_state state, error const* failure = nullptr) noexcept;

    // ---- many at a time, of a scope with one task of one node
    /// From the child at `index` on, children are gathered.
    void gather(std::uint64_t index) noexcept;
    /// A gathered child has ended well.
    void end_gathered(instance const& child) noexcept {
        if (apart_) {
            end_apart(child);
        } else if (timed_) {
            note_time();
        }
    }
    /// Children before `end` went well; no more are gathered.
    void stop_gathering(std::uint64_t end) noexcept;
    /// The running child has failed, or tells of its progress: it must be noted by itself. No effect if children are
    /// not gathered.
    void set_apart(instance const& child) noexcept;
    /// After set_apart and the notes of a failed child: children from index `next` on are gathered again.
    void gather_again(std::uint64_t next) noexcept;

    // ---- times
    /// Children begin.
    void stamp_begin() noexcept;
    /// Takes the time, if a hook wants exact times. The end of one child counts as the beginning of the next child.
    void stamp() noexcept;
    /// Takes the time of another lane's notes, since the children come from that lane's batch.
    void stamp_like(child_notes const& other) noexcept { stamp_ = other.stamp_; }

    /// Hands the events over to the hooks.
    void tell() noexcept;
    /// Hands the events over from inside the body of `child`. They say that the child has begun.
    void tell_from_inside(instance const& child) noexcept {
        set_apart(child);
        tell();
    }

private:
    void add(event_record record, child_key const& key, error const* failure);
    void add(event_record record, event_detail detail);
    void end_apart(instance const& child) noexcept;
    void note_time() noexcept;
    void note_gathered(std::uint64_t end) noexcept;
    task_spec const& only_task() const noexcept { return of_.run.plan->specs[of_.scope.specs.front()]; }

    open_expansion const& of_;
    time_point stamp_{};  // the time of the next event
    bool gathers_ = false;
    bool timed_ = false;  // the end of each gathered child is noted
    bool apart_ = false;
    std::uint64_t gathered_from_ = 0;  // the first child that is not noted yet
    time_point gathered_since_{};      // when it began
    std::size_t gathered_ends_ = 0;    // where the ends of the children that are not noted yet begin
    std::vector<time_point> ends_;     // of gathered children
    std::vector<event_record> events_;
    std::vector<event_detail> details_;
};

}  // namespace frond
