// The task whose body runs on this thread: its place, and a way to tell how far it is. Works in plain functions, in
// async and in expander. Elsewhere, as in a unit test that calls the node, there is no task, and nothing happens.
//
//     for (std::size_t i = 0; i < rows.size(); ++i) {
//         frond::this_task::progress(i, rows.size());
//         ...
//     }
#pragma once

#include "frond/run/event.hpp"

#include <coroutine>
#include <cstdint>
#include <optional>

namespace frond {

/// Base of the objects that interceptors carry to the body of a node; see node_call::carry.
struct carried_context {
    explicit carried_context(void const* by) noexcept : owner(by) {}
    void const* owner;                 // the interceptor that carries it; only this one knows its type
    carried_context* outer = nullptr;  // carried by another interceptor
};

}  // namespace frond

namespace frond::this_task {

/// May be awaited, for the sake of bodies that are coroutines. There is nothing to wait for.
struct told {
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
};

/// Tells how far the body is: displays show it, and hooks are told by on_progress. `of` 0: the whole is not known.
/// Where memory is lacking, the call has no effect.
told progress(double done, double of = 0) noexcept;

/// The id of the task: its spec, index, key and the chain of tasks that spawned it. Without a task its `plan` is null.
/// Errors: throws std::bad_alloc.
task_id id();
/// The child's index; none outside expansions.
std::optional<std::uint64_t> index() noexcept;
/// How many children the expander will have yielded in all, once that is known.
std::optional<std::uint64_t> total() noexcept;
/// The number of the attempt at the node; 1 for the first.
std::uint32_t attempt() noexcept;
/// Whether the body had better end soon: its run, or an enclosing child, has been cancelled or has failed. The
/// operation that a coroutine awaits is interrupted; a function that computes for long must ask now and then.
bool cancelled() noexcept;
/// The object that the innermost interceptor carries to this body; null if there is none.
carried_context* carried() noexcept;

}  // namespace frond::this_task
