// What a body can know of its own task, and tell of it. Works in functions and in coroutines of any of our types, on the
// thread that runs them; elsewhere (in a unit test that calls the node) there is no task, and nothing happens.
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

/// What an interceptor carries to the body of a node, see node_call::carry. Base of what it really is.
struct carried_context {
    explicit carried_context(void const* by) noexcept : owner(by) {}
    void const* owner;                 // who carries it, and alone knows what it is
    carried_context* outer = nullptr;  // what another interceptor carries
};

}  // namespace frond

namespace frond::this_task {

/// May be awaited, for the sake of bodies that are coroutines; it is done already.
struct told {
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
};

/// Tells how far the body is: displays show it, hooks are told by on_progress. `of` 0: not known.
/// What it cannot tell, for lack of memory, is left out.
told progress(double done, double of = 0) noexcept;

/// Which task: its spec, index, key and the chain of those that spawned it. Without a task its `plan` is null.
/// Errors: throws std::bad_alloc.
task_id id();
/// The child's index; none outside expansions.
std::optional<std::uint64_t> index() noexcept;
/// How many children there will be, once that is known.
std::optional<std::uint64_t> total() noexcept;
/// 1 for the first.
std::uint32_t attempt() noexcept;
/// Whether the body had better end soon: its run, or what is around it, has been cancelled or has failed. Coroutines are
/// interrupted in what they await; a function that computes for long asks now and then.
bool cancelled() noexcept;
/// What the innermost interceptor carries to this body; null: nothing.
carried_context* carried() noexcept;

}  // namespace frond::this_task
