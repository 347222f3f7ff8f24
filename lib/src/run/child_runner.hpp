// Runs the children of a lane's batch, one after the other, in the way that is the shortest for their scope.
//
// When a child suspends, the next child of the batch follows: the number of lanes bounds the threads at work, the
// number of slots bounds the children in progress. Results, counters and events are held back until `hand_over`.
// Thread: one at a time.
#pragma once

#include "child_batch.hpp"
#include "child_notes.hpp"
#include "expansion.hpp"
#include "limits.hpp"
#include "sink_chunks.hpp"
#include "spare_child.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace frond {

class child_runner {
public:
    /// Both outlive it. Errors: throws std::bad_alloc.
    child_runner(expansion& of, child_batch& batch);
    child_runner(child_runner const&) = delete;
    child_runner& operator=(child_runner const&) = delete;

    /// Runs children until the batch is over, the next one lacks something, or other work comes before it. Requires:
    /// equipped(). Gives true if what else this thread has to do comes before the next child.
    bool run() noexcept;
    /// True if it has what the next child needs: slots, and a chunk for each collector.
    bool equipped() const noexcept {
        return (has_open || !needs_open) && (credit.held || !needs_slot) && chunks.all_there();
    }
    /// The batch has been filled: children that may run apart are pending from now on.
    void got() noexcept;
    /// The batch is over, or given up: what was set aside for its children is given back.
    void end_batch() noexcept;
    /// Gives children from `from` on to another one, which has none, of the same expansion. False if that was not
    /// possible.
    bool give_tail(unsigned from, child_runner& heir) noexcept;
    /// Hands over what is held back: counters, events and results.
    void hand_over() noexcept;
    void give_slots() noexcept;
    /// The children that are left do not start.
    void skip_rest() noexcept;
    /// The expansion has failed, since memory is out: nothing that is left starts.
    void out_of_memory() noexcept;
    /// How much of the expansion's pending would park with the lane.
    std::uint32_t weight() const noexcept { return 1 + reserved(); }

    bool const needs_open;  // a slot of each limit of the expansion's children
    bool const needs_slot;  // of the run's
    bool has_open = false;
    slot_credit credit;
    sink_chunks chunks;
    child_notes notes;
    /// A child turned out to be long: the next ones are for another lane. Set by any thread; only a hint.
    std::atomic<bool> tail_wanted{false};

private:
    // The ways, each in a file of its own.
    void run_straight() noexcept;
    void run_single() noexcept;
    template <bool Plain>
    void run_single_calls() noexcept;
    bool run_single_coroutines() noexcept;
    bool run_any() noexcept;

    // Of the expansion's pending, for children that may run apart.
    std::uint32_t reserved() const noexcept { return of_.straight ? 0 : here_; }
    bool stops() const noexcept { return tail_wanted.load(std::memory_order_relaxed); }
    task_spec const& spec_at(std::size_t position) const noexcept {
        return of_.run.plan->specs[of_.scope.specs[position]];
    }
    bool take_parameter() noexcept;
    void straight_child() noexcept;
    void straight_failed(task_spec const& spec, plan_step const& step, std::optional<error> failure) noexcept;
    bool deliver(bool failed) noexcept;
    void push_full() noexcept;
    void count_succeeded() noexcept;

    expansion& of_;
    child_batch& batch_;
    std::uint32_t here_ = 0;   // children of the batch that have neither gone apart nor to an heir
    std::uint64_t ended_ = 0;  // children that have ended here and that the expansion has not been told of by came_back
    std::uint64_t succeeded_ = 0;  // straight children that are not counted yet
    spare_child spare_;
};

}  // namespace frond
