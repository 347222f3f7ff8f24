// The source of an expansion: runs the expander, on its own executor if it has one, and hands its values, in
// order, to the lane that holds the gate.
//
// An expander on an executor of its own, or inside interceptors, runs in visits: the lane that wants values waits at the gate, and
// finds them in the stash.
//
// Invariants:
//  (1) only the holder of the gate touches the source; the gate stays held while the expander awaits;
//  (2) indices are given in the order of yielding, without a gap.
#pragma once

#include "body_fiber.hpp"
#include "child_batch.hpp"
#include "expander_body.hpp"
#include "frond/base/detail/calls.hpp"
#include "open_expansion.hpp"
#include "source_gate.hpp"
#include "task_end.hpp"
#include "wrapped_expander.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace frond {

class puller;

enum class pull_result : std::uint8_t {
    some,    // values are in the puller's batch
    parked,  // the puller will be woken
    busy,    // another one is at it; this one may go
    over,    // there are no more
};

/// Thread: any.
class expander_source {
public:
    /// The expansion outlives it.
    expander_source(open_expansion& of, unsigned batch_capacity) noexcept;
    ~expander_source();
    expander_source(expander_source const&) = delete;
    expander_source& operator=(expander_source const&) = delete;

    /// Before the first `pull`.
    void prepare() noexcept { body_.prepare(fiber_); }
    /// Takes up to `want` values for a lane. `guest`: a lane that need not wait.
    pull_result pull(puller& by, unsigned want, bool guest) noexcept;
    /// No collector is left: ends the expander's present await early.
    void interrupt() noexcept;
    /// The expansion has no memory for a lane, so the expander yields nothing. Must come before the first `pull`.
    void fail(error failure) noexcept { over(std::move(failure)); }
    /// Destroys the expander, if that was made. When nothing is pending any more. False: its interceptors have not ended; they
    /// are pending now, and this is to be called again.
    bool close() noexcept;

    bool awaits() const noexcept { return gate_.awaiting(); }

    // ---- when nothing is pending any more, or behind the gate
    /// How the expand task ends: as the expander did; cancelled if a cancellation came before the expander had ended.
    task_end end() const noexcept;
    /// The number of values that the expander has yielded.
    std::uint64_t yielded() const noexcept { return next_index_; }
    /// Forgets the progress that the expander's body has told.
    void forget_progress() noexcept;

private:
    struct fiber_of_source : body_fiber {
        fiber_of_source(expander_source& owner, executor& home) noexcept
            : body_fiber(owner.body_.context, owner.of_.domain, home, &expander_source::stopped), of(owner) {}
        expander_source& of;
    };

    bool at_home() const noexcept { return &home_ == &of_.run.on(); }
    void park_at_gate(puller& by) noexcept;
    void see_end() noexcept;
    unsigned take_stash(puller& by) noexcept;
    bool make_stash() noexcept;
    bool advance_into_stash() noexcept;
    void take_into_stash() noexcept;
    void await_into_stash(puller* waiting) noexcept;
    void leave_waiting() noexcept;
    bool parked() noexcept;
    void end_with_home() noexcept;
    void free_gate() noexcept;
    void begin_visit() noexcept;
    void visit() noexcept;
    bool wrap() noexcept;
    void go_on(bool waited) noexcept;
    bool run_frames() noexcept;
    bool is_back() noexcept;
    void pace_visits(time_point began) noexcept;
    void come_back() noexcept;
    void back_from_visit() noexcept;
    void hand_out(puller& by, unsigned count) noexcept;
    void see_expected() noexcept;
    void over(std::optional<error> failure) noexcept;
    static void stopped(fiber& self) noexcept;

    open_expansion& of_;
    unsigned const capacity_;  // of a batch
    source_gate gate_;

    // ---- behind the gate
    executor& home_;  // the run's, or the expander's own
    expander_body body_;
    fiber_of_source fiber_;
    std::optional<wrapped_expander> wrapped_;  // from the first visit on, if it is to be
    // The way to the expander's executor, and back.
    calls<work, &expander_source::visit> visit_{*this};
    calls<work, &expander_source::back_from_visit> return_{*this};
    bool const in_visits_;
    bool inside_ = true;    // the fiber runs the body; else, its interceptors
    bool closing_ = false;  // the body runs no more, and its interceptors come to their end
    bool ended_ = false;
    bool cut_short_ = false;            // a cancellation has ended it
    bool end_told_ = false;             // hooks know the true number of children
    std::optional<error> failure_;      // told of its place; none: it has not failed
    std::optional<child_batch> stash_;  // values that the expander yielded after an await
    unsigned stash_want_ = 1;           // how many the lane that waits for the stash has asked for
    unsigned visit_want_ = 1;  // how many it makes in a visit to an executor of its own, before its children start
    std::uint64_t next_index_ = 0;
};

}  // namespace frond
