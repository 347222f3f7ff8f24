// Decides what a hook is told next, which events it loses, and when lanes wait for it. Knows no fiber, no clock and no run:
// the observer asks, acts, and reports back, and time points come in as arguments.
//
// Invariants:
//  (1) queued_ is the number of events in batches_; run events count as none and are never dropped;
//  (2) where events may be lost, at most the bound wait, or one batch alone;
//  (3) a lane waits only while the hook is lossless and more than half of its bound is queued.
// Thread: none; the observer's mutex guards it. Batches that are dropped are given to the caller, which destroys them outside
// that mutex: values of users in them may look at the run when they are destroyed.
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
    std::size_t events = 0;  // that concern the hook; none for a run event
};
using batch_list = std::list<queued_batch>;

class hook_queue {
public:
    explicit hook_queue(observer_policy policy) noexcept
        : policy_(policy), pressure_(policy.lossless() ? pressure::holds_lanes : pressure::loses_oldest) {}

    // ---- what happens in the run

    /// Queues a list of one batch, with so many events; an empty list: there was no memory, and the events count as dropped.
    /// Once closed, it leaves the list to the caller. Gives the batches that are dropped.
    [[nodiscard]] batch_list push(batch_list& arrived, std::size_t events) noexcept;
    /// Nothing follows; what is queued is still told. Requires: no lane waits.
    void close() noexcept;
    /// The grace is over: closes, and drops all but run events. Gives the batches that are dropped.
    /// Requires: no lane waits.
    [[nodiscard]] batch_list cancel() noexcept;

    // ---- the coroutine that tells

    /// What to tell next.
    struct step {
        queued_batch next;    // its batch is null: none
        bool sample = false;  // comes first
        bool over = false;    // nothing is left, and nothing follows: the coroutine ends
        work_list admitted;   // lanes that may go on now; of wakeable
    };
    /// True if `take` has something to give.
    bool something_to_do() const noexcept { return !batches_.empty() || intake_ != intake::open || sample_due_; }
    /// Requires: something_to_do(), and that the step before has been told.
    [[nodiscard]] step take() noexcept;
    /// The step has been told.
    void told() noexcept;
    /// The coroutine has nothing to do and sleeps. Requires: !something_to_do().
    void sleep() noexcept;
    /// True: it slept and has something to do, so the caller must wake it. True once for each sleep.
    [[nodiscard]] bool wakes() noexcept;

    /// True for a hook that takes samples.
    bool samples() const noexcept { return policy_.interval() != duration::zero(); }
    time_point next_sample(time_point now) const noexcept { return now + policy_.interval(); }
    /// The time of the next sample has come.
    void sample_due() noexcept { sample_due_ = true; }

    // ---- lanes, which a lossless hook holds back

    /// True: no new child may start.
    bool too_full() const noexcept {
        return pressure_ == pressure::holds_lanes && intake_ == intake::open && queued_ > policy_.bound();
    }
    /// The lane waits, until `take` or `release` gives it back. Requires: too_full().
    void hold(wakeable& lane, time_point now) noexcept;
    /// All lanes that wait.
    [[nodiscard]] work_list release() noexcept;
    bool holds_lanes() const noexcept { return !lanes_.empty(); }
    /// When the lane that has waited longest has waited for the stall limit. Requires: a lane waits, or has waited.
    time_point stalls_at() const noexcept { return held_since_ + policy_.stall_limit(); }

    enum class stall : std::uint8_t {
        none,   // no lane waits
        early,  // lanes have not waited for long: the alarm is to be set again, for stalls_at()
        over,   // they have: the hook may lose events from now on, and the caller must release the lanes
    };
    /// The alarm that was set for stalls_at() has come. Puts the batches that are dropped into `dropped`.
    [[nodiscard]] stall stalled(time_point now, batch_list& dropped) noexcept;

    // ---- what is reported

    /// So many events were taken and could not be told.
    void lose(std::size_t events) noexcept { dropped_ += events; }
    /// The hook has thrown.
    void threw() noexcept { ++errors_; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    hook_report report() const noexcept;

private:
    enum class intake : std::uint8_t {
        open,
        closed,       // nothing is queued any more
        interrupted,  // the same, and the hook had not been told all
    };
    enum class pressure : std::uint8_t {
        loses_oldest,  // more than the bound is dropped
        holds_lanes,   // nothing is dropped, and lanes wait
        downgraded,    // as loses_oldest; it held lanes for too long
    };
    enum class teller : std::uint8_t {
        idle,  // between two steps
        asleep,
        telling,  // has taken a step
    };

    void drop_oldest(batch_list& dropped) noexcept;

    observer_policy const policy_;
    intake intake_ = intake::open;
    pressure pressure_;
    teller teller_ = teller::idle;
    bool sample_due_ = false;
    batch_list batches_;
    std::uint64_t queued_ = 0;
    std::uint64_t most_queued_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t errors_ = 0;
    work_list lanes_;          // of wakeable
    time_point held_since_{};  // when the first of the lanes that wait began to
};

}  // namespace frond
