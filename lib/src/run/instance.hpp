// One execution of a scope's tasks: the run itself, or one child. Holds their values, and knows what its tasks still
// wait for and how they have ended.
//
// Starts nothing: that is `starter`'s.
//
// Invariant: values are destroyed with the instance or when it is cleared.
// Thread: tasks of one instance may run on several threads, see task_needs.
#pragma once

#include "failure_domain.hpp"
#include "frond/base/executor.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/event.hpp"
#include "scope_values.hpp"
#include "task_needs.hpp"

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace frond {

class run_core;
class open_expansion;
class stream_watch;

class instance : public scope_values {
public:
    /// Errors: throws std::bad_alloc.
    static instance* make(run_core& run, plan_scope const& scope, open_expansion* of);
    ~instance();
    void destroy() noexcept;

    /// Makes it ready for another child.
    void renew(std::uint64_t index) noexcept;
    /// Destroys the values, the parameter, and the expansions that its tasks have opened.
    void clear() noexcept;

    // ---- its end
    /// A task or the instance's delivery has failed. Gives the error, told of its place, and never a cancellation.
    error fail(error failure, task_spec const* spec, plan_step const* step) noexcept;
    void note_cancelled() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
    /// How it has ended, once every task has.
    task_state state() const noexcept;
    /// Its own failure, of a child whose failure is a value.
    error outcome() const;

    // ---- expansions that its tasks have opened
    void opened(open_expansion& by_task) noexcept;
    /// The task `spec` has ended, which may be a collector: abandons the streams that the task was reading.
    void abandon_streams(task_spec const& spec) noexcept;

    /// Which task, for events and errors. Errors: throws std::bad_alloc.
    task_id id_of(task_spec const& spec) const;

    run_core& run;
    open_expansion* const of;  // null for the run
    failure_domain* domain = nullptr;
    std::uint64_t index = 0;
    child_key key;

    task_needs needs;
    std::unique_ptr<stream_watch> watch;  // null: no order of reading stands still here

    /// Waits for room in a stream, for a child that has ended apart from its lane.
    struct waiting_delivery : wakeable {
        explicit waiting_delivery(instance& child) noexcept : wakeable(nullptr), in(child) {}
        instance& in;
        std::uint32_t sink = 0;  // the next one
    };
    waiting_delivery delivery{*this};
    bool holds_open = false;  // the slots of its expander's limits

private:
    instance(run_core& of_run, plan_scope const& of_scope, open_expansion* of_expansion) noexcept;

    std::size_t bytes_ = 0;
    std::atomic<bool> failed_{false};  // with the one below: read after the last task's end is counted
    std::atomic<bool> cancelled_{false};
    std::optional<failure_domain> own_domain_;
    std::atomic<open_expansion*> expansions_{nullptr};  // destroyed with its values
};

}  // namespace frond
