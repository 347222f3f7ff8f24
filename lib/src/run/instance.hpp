// One execution of a scope's tasks: the run itself, or one child. Holds their values; starts what has become ready.
//
// Invariants:
//  (1) unmet(t) counts the triggers that t still waits for; who makes it zero runs t, so a task runs once;
//  (2) remaining() counts tasks that have not ended; a skipped task has ended;
//  (3) a value exists exactly if its flag in made() is set; values are destroyed with the instance or when it is cleared.
// Thread: tasks of one instance may run on several threads; `unmet` and `remaining` order their effects (acq_rel).
#pragma once

#include "failure_domain.hpp"
#include "frond/base/frame_pool.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook_moment.hpp"
#include "limits.hpp"
#include "task_end.hpp"

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace frond {

class run_state;
class expansion;
class task_run;
class stream_watch;

class instance {
public:
    /// Errors: throws std::bad_alloc.
    static instance* make(run_state& run, plan_scope const& scope, expansion* of);
    ~instance();
    void destroy() noexcept;

    /// Makes it ready for another child.
    void renew(std::uint64_t index) noexcept;

    /// Starts the tasks that need nothing, and all that becomes ready by them.
    /// Gives true if every task has ended.
    bool start(slot_credit& credit) noexcept;
    /// Goes on after `spec`, which was suspended, has ended. Gives true if every task has ended.
    /// `told`: hooks know already.
    bool go_on(task_spec const& spec, task_end const& end, slot_credit& credit, bool told) noexcept;
    /// Tells hooks how a task has ended, by after_task or after_return.
    void tell_end(task_spec const& spec, task_end const& end, hook_moment moment) const noexcept;
    /// Goes on after an expansion has finished. Gives true if every task has ended.
    bool expansion_finished(task_spec const& spec, task_state state, slot_credit& credit) noexcept;
    /// Runs a share of a run's ready tasks, handed over by another thread.
    bool run_share(std::uint32_t head, std::uint32_t count, slot_credit& credit) noexcept;
    /// Starts a task that had to wait for a slot.
    bool start_waiting(task_spec const& spec, slot_credit& credit) noexcept;

    /// A collector, or an expander that collects, has ended: it reads its streams no more.
    void abandon_streams(task_spec const& spec) noexcept;

    /// Destroys the values and the parameter.
    void clear() noexcept;

    /// A task or the instance's delivery has failed. Gives the error, told of its place.
    error fail(error failure, task_spec const* spec, plan_step const* step) noexcept;
    void note_cancelled() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
    /// How it has ended, once every task has.
    task_state state() const noexcept;
    /// Its own failure, of a child whose failure is a value.
    error outcome() const;

    std::byte* at(place where) const noexcept { return bases[where.base] + where.offset; }
    void made(std::uint32_t value) noexcept { flags_[value] = 1; }

    run_state& run;
    plan_scope const& scope;
    expansion* const of;  // null for the run
    failure_domain* domain = nullptr;
    std::uint64_t index = 0;
    child_key key;

    std::byte** bases = nullptr;
    std::byte* parameter = nullptr;
    std::byte* block = nullptr;
    bool parameter_made = false;
    struct waiting_delivery : wakeable {
        explicit waiting_delivery(instance& child) noexcept : wakeable(nullptr), in(child) {}
        instance& in;
    };
    waiting_delivery delivery{*this};  // of a child that has ended, while it waits for room at a collector
    std::uint32_t delivery_sink = 0;
    bool holds_open = false;              // a slot of its expander's limit
    std::unique_ptr<stream_watch> watch;  // null: no order of reading stands still here

    /// A task is about to be set apart from this thread.
    void set_apart() noexcept { several_threads_.store(true, std::memory_order_relaxed); }

    /// Ready tasks, by position, last in first out; linked through links_.
    struct ready {
        static constexpr std::uint32_t none = UINT32_MAX;

        std::uint32_t head = none;
        std::uint32_t count = 0;
        std::uint32_t ended = 0;      // tasks that have ended on this thread and are not subtracted from remaining_ yet
        bool waits_for_slot = false;  // the task that was started last has to

        void push(instance& in, std::uint32_t position) noexcept {
            in.links_[position] = head;
            head = position;
            ++count;
        }
        std::uint32_t pop(instance& in) noexcept {
            assert(count != 0);
            std::uint32_t const position = head;
            head = in.links_[position];
            --count;
            return position;
        }
    };

private:
    friend class task_run;
    friend class starter;

    instance(run_state& of_run, plan_scope const& of_scope, expansion* of_expansion) noexcept;

    bool run_ready(ready& list, slot_credit& credit) noexcept;
    step_outcome start_task(task_spec const& spec, ready& list, slot_credit& credit) noexcept;
    step_outcome open(task_spec const& spec, ready& list) noexcept;
    void end_task(task_spec const& spec, task_end const& end, ready& list, bool told = false) noexcept;
    void meet(task_spec const& spec, trigger what, ready& list) noexcept;

    std::size_t bytes_ = 0;
    std::atomic<std::uint32_t>* unmet_ = nullptr;
    std::uint32_t* links_ = nullptr;  // of the lists of ready tasks, by position
    std::uint8_t* flags_ = nullptr;
    std::atomic<std::uint32_t> remaining_{0};
    // Tasks may run on several threads: until one is set apart, `unmet` needs no atomic subtraction. Set before what makes the
    // other thread see it: a post, or a suspension.
    std::atomic<bool> several_threads_{false};
    std::atomic<bool> failed_{false};  // with the one below: read after remaining_ is zero
    std::atomic<bool> cancelled_{false};
    std::optional<failure_domain> own_domain_;
    std::atomic<expansion*> expansions_{nullptr};  // opened by its tasks, destroyed with its values
};

}  // namespace frond
