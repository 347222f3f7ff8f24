// How a hook is told of many children in one call: children that went well one
// after the other, which a run notes as one record.
//
// A hook whose methods for tasks are plain functions is told of these children in a loop that knows its type, so an
// event costs hardly more than the method itself.
#pragma once

#include "frond/base/fiber.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook_moment.hpp"

#include <cstdint>
#include <type_traits>
#include <utility>

namespace frond::detail {

/// The moments of a task that goes well, before its nodes and after them.
using task_beginnings = moment_list<hook_moment::before_submission, hook_moment::before_task>;
using task_ends = moment_list<hook_moment::after_task, hook_moment::after_return>;

/// Children of one expansion, each with one task, of which the hook is not told yet. `task` is the event of each child
/// in turn. A child begins when the child before it has ended.
struct told_children {
    task_event& task;                     // its time is the time at which the next child began
    fiber const& by;                      // once it is cancelled, the hook is told no more
    void* owner;                          // the argument of `threw`
    void (*threw)(void* owner) noexcept;  // called when the hook throws, with the exception as the current one
    std::uint64_t next = 0;               // the index of the next child
    std::uint64_t end = 0;                // the index after the last child
    time_point const* ends = nullptr;     // of the next child and the children after it; null: all have one time
};

template <hook_moment Moment, class H>
void tell_of_task(H& hook, told_children& of) noexcept {
    if constexpr (told_of<H, Moment>) {
        try {
            hook_method<Moment>::call(hook, static_cast<task_event const&>(of.task));
        } catch (...) {
            of.threw(of.owner);
        }
    }
}
template <class H, hook_moment... Each>
void tell_of_task(H& hook, told_children& of, moment_list<Each...>) noexcept {
    (tell_of_task<Each>(hook, of), ...);
}

/// Tells a hook of its children, until none is left or the fiber is cancelled.
template <class H>
void tell_children(void* object, told_children& of) noexcept {
    H& hook = *static_cast<H*>(object);
    task_event& task = of.task;
    for (; of.next != of.end && !of.by.cancel_requested(); ++of.next) {
        task.id.index = of.next;
        task.state = task_state::running;
        tell_of_task(hook, of, task_beginnings());
        task.state = task_state::succeeded;
        if (of.ends != nullptr) task.time = *of.ends++;
        tell_of_task(hook, of, task_ends());
    }
}

template <class H, hook_moment Moment>
constexpr bool is_plain() {
    if constexpr (told_of<H, Moment>) {
        using method = hook_method<Moment>;
        using returned = decltype(method::call(std::declval<H&>(), std::declval<typename method::event const&>()));
        return std::is_void_v<returned>;
    }
    return true;
}
template <class H, hook_moment... Each>
constexpr bool are_plain(moment_list<Each...>) {
    return (is_plain<H, Each>() && ...);
}

/// True if `tell_children` can tell the hook all moments of such children to which it listens.
template <class H>
constexpr bool told_in_a_loop = !told_of<H, hook_moment::before_node> && !told_of<H, hook_moment::after_node> &&
                                are_plain<H>(task_beginnings()) && are_plain<H>(task_ends());

}  // namespace frond::detail
