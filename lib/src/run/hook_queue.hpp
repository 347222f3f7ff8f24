// Decides what a hook is told next, which events it loses, and when lanes wait for it. Knows no fiber, no clock and no
// run: the observer asks, acts, and reports back, and time points come in as arguments.
//
// Invariants:
//  (1) queued_ is the number of events in batches_; run events are not counted and never dropped;
//  (2) where events may be lost, at most as many as the bound wait, or one batch alone;
//  (3) a lane waits only while the hook is lossless and more than half of its bound is queued.
// Thread: none; the observer's mutex guards the queue. Dropped batches are given to the caller, which must destroy them
// outside that mutex: the user's values in them may look at the run when they are destroyed.
#pragma once

#include "event_record.hpp"
#include "frond/base/executor.hpp"
#include "frond/run/observer_policy.hpp"
#include "frond/run/run_report.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

namespace frond {

struct queued_batch {
    std::shared_ptr<event_batch const> batch;
    std::size_t events = 0;  // that concern the hook; 0 for a run event
};
using batch_list = std::list<queued_batch>;

class hook_queue {
public:
    /// `doubted`: the hook was downgraded in its last run, so lanes wait for a small part of its stall limit only.
    explicit hook_queue(observer_policy policy, bool doubted = false) noexcept
        : policy_(policy),
          stall_limit_(doubted ? policy.stall_limit() / 16 : policy.stall_limit()),
          pressure_(policy.lossless() ? pressure::holds_lanes : pressure::loses_oldest) {}

    // ---- what happens in the run

    /// Queues a list of one batch, with so many events.
    /// An empty list says that there was no memory: the events count as dropped.
    /// Once the queue is closed, the list stays with the caller. Gives the batches that are dropped.
    [[nodiscard]] batch_list push(batch_list& arrived, std::size_t events) noexcept;
    /// Takes no more batches; the hook is still told the queued ones. Requires: no lane waits.
    void close() noexcept;
    /// The grace is over: closes the queue, and drops all but run events. Gives the batches that are dropped.
    /// Requires: no lane waits.
    [[nodiscard]] batch_list cancel() noexcept;

    // ---- the coroutine that tells

    /// What the coroutine must do next.
    struct step {
        queued_batch next;    // the batch to tell; null: none
        bool sample = false;  // a sample comes first
        bool over = false;    // nothing is left, and nothing follows: the coroutine must end
        work_list admitted;   // lanes that may go on now, each a wakeable
    };
    /// True if `take` has something to give.
    bool something_to_do() const noexcept { return !batches_.empty() || intake_ != intake::open || sample_due_; }
    /// Requires: something_to_do(), and `told` has been called for the step before.
    [[nodiscard]] step take() noexcept;
    /// The hook has been told the step.
    void told() noexcept;
    /// The coroutine has nothing to do and sleeps. Requires: !something_to_do().
    void sleep() noexcept;
    /// True: the coroutine sleeps and has something to do, so the caller must wake it. True once for each sleep.
    [[nodiscard]] bool wakes() noexcept;

    /// True for a hook that takes samples.
    bool samples() const noexcept { return policy_.interval() != duration::zero(); }
    time_point next_sample(time_point now) const noexcept { return detail::later(now, policy_.interval()); }
    /// The time of the next sample has come.
    void sample_due() noexcept { sample_due_ = true; }

    // ---- lanes, which a lossless hook holds back

    /// True: no new child may start.
    bool too_full() const noexcept {
        return pressure_ == pressure::holds_lanes && intake_ == intake::open && queued_ > policy_.bound();
    }
    /// The lane waits, until `take` or `release` gives it back. Requires: too_full().
    void hold(wakeable& lane, time_point now) noexcept;
    /// Gives all lanes that wait to the caller, which must wake them.
    [[nodiscard]] work_list release() noexcept;
    bool holds_lanes() const noexcept { return !lanes_.empty(); }
    /// The time at which the lane that has waited longest will have waited for the stall limit.
    /// Requires: a lane waits, or has waited.
    time_point stalls_at() const noexcept { return detail::later(held_since_, stall_limit_); }

    enum class stall : std::uint8_t {
        none,   // no lane waits
        early,  // no lane has waited for so long: the caller must set the alarm again, for stalls_at()
        over,   // a lane has: the hook may lose events from now on, and the caller must release the lanes
    };
    /// The alarm that was set for stalls_at() has come. Puts the batches that are dropped into `dropped`.
    [[nodiscard]] stall stalled(time_point now, batch_list& dropped) noexcept;

    // ---- the hook's report

    /// So many events were taken, but the hook could not be told of them.
    void lose(std::size_t events) noexcept { dropped_ += events; }
    /// The hook has thrown.
    void threw() noexcept { ++errors_; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    /// True if lanes have waited for the hook, and it has caught up each time and was told all events.
    bool caught_up() const noexcept {
        return has_held_ && pressure_ == pressure::holds_lanes && intake_ == intake::closed;
    }
    hook_report report() const noexcept;

private:
    enum class intake : std::uint8_t {
        open,
        closed,       // nothing is queued any more
        interrupted,  // as closed, and the hook had not been told all events
    };
    enum class pressure : std::uint8_t {
        loses_oldest,  // batches beyond the bound are dropped, the oldest first
        holds_lanes,   // no batch is dropped; lanes wait
        downgraded,    // as loses_oldest; the hook was lossless, and held lanes for too long
    };
    enum class teller : std::uint8_t {
        idle,  // between two steps
        asleep,
        telling,  // tells the hook the step that it has taken
    };

    void drop_oldest(batch_list& dropped) noexcept;

    observer_policy const policy_;
    duration const stall_limit_;
    intake intake_ = intake::open;
    pressure pressure_;
    teller teller_ = teller::idle;
    bool sample_due_ = false;
    bool has_held_ = false;  // a lane
    batch_list batches_;
    std::uint64_t queued_ = 0;
    std::uint64_t most_queued_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t errors_ = 0;
    work_list lanes_;          // that wait, each a wakeable
    time_point held_since_{};  // when the first of them began to wait
};

}  // namespace frond
