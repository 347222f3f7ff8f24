// Interceptors: hooks that wrap tasks or nodes, and may delay them, answer in their place and change how they end.
//
//     struct limit_rate {
//         frond::async<void> around_node(frond::node_call& call) {
//             co_await token();
//             co_await call.next();
//         }
//     };
//
// They wrap in the order in which they were handed to the run: the first one is outermost. They are a part of the task: what
// they await delays it, what they throw fails it, and a cancellation interrupts them. Where the node, or a node of the task,
// has failed already, that failure stays the error, and the interceptors' failures are attached to it (error::others), from the
// innermost one on. One object wraps many tasks at once, on any of the run's threads.
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/error.hpp"
#include "frond/base/value_type.hpp"
#include "frond/graph/node.hpp"
#include "frond/run/event.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace frond {

class run_core;
class instance;
struct task_context;
struct carried_context;
class wrapped_expander;
class wrapped_task;

/// One attempt at one node of a task. An expander is a node too: what is inside lasts from before its first child until it has
/// yielded its last, while its children run. It may be delayed, observed, refused and tried again, but has no value.
///
/// Thread: the task's; its members are called by one interceptor at a time.
class node_call {
public:
    node_call(node_call const&) = delete;
    node_call& operator=(node_call const&) = delete;
    ~node_call() { destroy_value(); }

    /// Which node, of which task. Its state is `running`.
    node_event const& event() const noexcept { return event_; }
    /// Whether another attempt follows if this one fails.
    bool will_retry() const noexcept;

    /// Runs what is inside: the next interceptor, and at last the node. What goes wrong there is in `failure`; it does not
    /// throw. Calling it again runs the node again, unless that takes or streams, or is an expander that has yielded. Must be
    /// awaited by the coroutine of around_node, or by an async that this awaits: in a coroutine that was spawned the node does
    /// not run, and `failure` says so.
    async<void> next();

    /// Why there is no value; null if there is one, or nothing has been done yet. `is_canceled()` if the run was cancelled, or
    /// what is around the task.
    error const* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }
    /// The node's value, to look at or to change. Errors: throws bad_result where there is none, or T is not its type, or the
    /// node is an expander.
    template <class T>
    T& value() {
        check(value_type_of<T>, true);
        return *static_cast<T*>(call_.out);
    }
    /// Puts a value in the place of what there is. Errors: throws bad_result if T is not the type of the node's value, or the node
    /// is an expander.
    template <class T>
    void answer(T value) {
        check(value_type_of<T>, false);
        destroy_value();
        std::construct_at(static_cast<T*>(call_.out), std::move(value));
        made_ = true;
        failure_.reset();
    }
    /// Lets the attempt fail. A value is destroyed; a failure that there is already stays, and `why` is attached to it.
    void fail(error const& why) noexcept;

    /// The run's time, and a wait for a while on the run's clock. Errors: throws bad_result (operation_canceled) when the
    /// run, or what is around the task, is cancelled.
    time_point now() const noexcept;
    async<void> wait(time_span time);

    /// Lets the body find something by this_task::carried, on whatever thread it goes on, until `drop`. The last one that
    /// is carried is dropped first.
    void carry(carried_context& what) noexcept;
    void drop() noexcept;

private:
    friend async<bool> attempt_node(step_call&, plan_step const&, task_context&, wrapped_expander*);
    struct body_awaiter;
    struct expander_awaiter;

    node_call(plan_step const& step, step_call& call, task_context& context, wrapped_expander* expander);
    node const& called_node() const noexcept;
    void check(value_type const& asked, bool wants_value) const;
    error used_up() const;
    void destroy_value() noexcept;
    /// The value is the node's: it is not destroyed.
    bool release() noexcept { return std::exchange(made_, false); }

    run_core& run_;
    plan_step const& step_;
    step_call& call_;
    task_context& context_;
    wrapped_expander* const expander_;  // null: the node is none
    node_event event_;
    std::uint32_t attempt_;
    std::size_t level_ = 0;  // the interceptor that `next` calls
    bool made_ = false;      // the value exists, or the expander has come to its end
    bool ran_ = false;       // the node has been called
    std::optional<error> failure_;
};

/// Why no interceptor ever wraps a node of this name in a run of the plan, and what to do; empty if one does. For the method
/// check_plan of hooks that are given the names of nodes.
std::string never_wrapped(plan const& of, std::string_view node);
/// The same for hooks that look at a node's value, or answer for it: an expander has none.
std::string never_has_value(plan const& of, std::string_view node);

/// One task of any purpose but `expand`, with all its nodes.
///
/// Thread: the run's executor; its members are called by one interceptor at a time.
class task_call {
public:
    task_call(task_call const&) = delete;
    task_call& operator=(task_call const&) = delete;

    /// Which task. Its state is `running`.
    task_event const& event() const noexcept { return event_; }
    /// Runs what is inside: the next interceptor, and at last the task's nodes; once. Must be awaited as node_call::next.
    async<void> next();
    /// How the nodes ended; `running` before that.
    task_state state() const noexcept { return state_; }
    /// Lets the task fail: before `next`, none of its nodes runs. A failure that there is already stays, and `why` is
    /// attached to it.
    void fail(error const& why) noexcept;

private:
    friend class wrapped_task;
    struct steps_awaiter;
    explicit task_call(wrapped_task& of) noexcept : of_(of) {}

    wrapped_task& of_;
    task_event event_;
    std::size_t level_ = 0;
    task_state state_ = task_state::running;
    std::optional<error> failure_;
};

}  // namespace frond
