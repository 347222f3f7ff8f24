// Runs the ready tasks of one instance, one after the other, on this thread, and sees to it that none of them, nor
// anything else that this thread has at hand, waits behind a body that takes long.
//
// Before a body that is known as long, or not known at all, everything else is posted to the executor, whose queue is
// the one place where every thread looks for work. Bodies known as short run without any of that; if one turns out to
// be long, another thread takes what is left (working_thread.hpp).
// Thread: one at a time; several starters may run tasks of one instance at once.
#pragma once

#include "frond/base/detail/clock_pace.hpp"
#include "frond/base/detail/working_thread.hpp"
#include "instance.hpp"
#include "limits.hpp"
#include "task_end.hpp"
#include "task_flow.hpp"

#include <array>
#include <cstdint>

namespace frond {

class starter : at_hand {
public:
    starter(instance& in, slot_credit& credit) noexcept;

    /// Adds a task that is ready.
    void add(task_spec const& spec) noexcept { in_.needs.push(list_, spec.position); }
    /// Adds tasks that another thread has given away.
    void add(ready_tasks const& given) noexcept { list_ = given; }
    /// A task has ended: hooks are told, and the tasks that waited for it alone are added. `told`: by after_task
    /// already.
    void task_ended(task_spec const& spec, task_end const& end, bool told = false) noexcept;
    /// The expansion that a task opened is over.
    void expansion_over(task_spec const& spec, task_state state) noexcept;

    /// Runs tasks until none is left on this thread. Gives true if every task of the instance has ended: then, and only
    /// then, the instance is the caller's; else it may be gone.
    bool run() noexcept;

    /// The interface by which the rest of the run calls starters.
    static task_flow const& flow() noexcept;

private:
    static void give(at_hand& self) noexcept;
    bool run_list() noexcept;
    bool may_be_long(task_spec const& spec) const noexcept;
    bool run_timed(task_spec const& spec) noexcept;
    bool run_task(task_spec const& spec) noexcept;
    step_outcome start_task(task_spec const& spec) noexcept;
    step_outcome open(task_spec const& spec) noexcept;
    void meet(task_spec const& spec, trigger what) noexcept;
    void clear_the_way() noexcept;
    bool look() noexcept;
    void relearn(duration took) noexcept;
    bool give_away_all() noexcept;
    void share_half() noexcept;

    instance& in_;
    run_core& run_;
    slot_credit& credit_;
    ready_tasks list_;              // on this thread
    bool const threads_;            // others may help
    working_thread* const thread_;  // this one; null: no watch relieves it

    clock_pace pace_;      // of tasks
    time_point looked_{};  // at the clock, the last time; zero: not yet
    unsigned recent_count_ = 0;
    std::array<task_spec const*, 16> recent_;  // started since the last look, known as short
};

}  // namespace frond
