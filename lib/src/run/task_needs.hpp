// Counts, for each task of one instance, its unmet needs, and counts the tasks that have not ended.
//
// Invariants:
//  (1) a task's count says how many triggers it still waits for; the thread that makes it zero gets the task into its
//  list, so a task
//      runs once;
//  (2) what is left counts the tasks that have not ended; a skipped task has ended.
#pragma once

#include "frond/plan/plan.hpp"

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>

namespace frond {

/// Tasks of one instance that are ready, in the hands of one thread: by position in their scope, last in first out.
/// Their links are the `task_needs`'.
struct ready_tasks {
    static constexpr std::uint32_t none = UINT32_MAX;

    std::uint32_t head = none;
    std::uint32_t count = 0;
    std::uint32_t ended = 0;      // tasks that have ended on this thread, and are still counted as left
    bool waits_for_slot = false;  // the task that was started last has to
};

/// Thread: tasks of one instance may end on several threads; counts and what is left order their effects (acq_rel).
class task_needs {
public:
    /// The memory that it takes for so many tasks, aligned like std::uint32_t.
    static constexpr std::size_t bytes(std::size_t tasks) noexcept { return tasks * (sizeof(count) + sizeof(link)); }

    /// Before all else. `memory`: bytes(tasks), and outlives it.
    void lie_at(std::byte* memory, std::size_t tasks) noexcept;
    /// Before any task of another child starts.
    void reset(plan const& of, plan_scope const& scope) noexcept;

    // ---- lists
    void push(ready_tasks& list, std::uint32_t position) noexcept {
        links_[position] = list.head;
        list.head = position;
        ++list.count;
    }
    std::uint32_t pop(ready_tasks& list) noexcept {
        assert(list.count != 0 && list.head != ready_tasks::none);
        std::uint32_t const position = list.head;
        list.head = links_[position];
        --list.count;
        return position;
    }
    /// Takes all but the first `kept` tasks out of a list. Requires: 0 < kept < list.count.
    ready_tasks split(ready_tasks& list, std::uint32_t kept) noexcept;

    // ---- events
    /// `what` has happened to the task `spec`. Tasks whose last unmet need this was come into the list.
    void meet(task_spec const& spec, trigger what, ready_tasks& list, bool single_threaded) noexcept;
    /// A task is about to be set apart from this thread. Until one is, counts need no atomic subtraction. To be called
    /// before what makes another thread see the task: a post, or a suspension.
    void set_apart() noexcept { several_threads_.store(true, std::memory_order_relaxed); }
    /// Takes what a list says has ended from what is left. True if nothing is: then, and only then, the instance is the
    /// caller's; else it may be gone.
    bool count_ended(ready_tasks const& list) noexcept {
        if (list.ended == 0) return false;
        std::uint32_t const left = left_.fetch_sub(list.ended, std::memory_order_acq_rel);
        assert(left >= list.ended);
        return left == list.ended;
    }

private:
    using count = std::atomic<std::uint32_t>;
    using link = std::uint32_t;

    count* counts_ = nullptr;
    link* links_ = nullptr;  // of the lists of ready tasks
    std::atomic<std::uint32_t> left_{0};
    std::atomic<bool> several_threads_{false};
};

}  // namespace frond
