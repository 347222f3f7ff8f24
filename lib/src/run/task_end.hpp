// How one task has ended. Its failure goes the same way as its state, so that hooks are told the one with the other.
#pragma once

#include "frond/base/error.hpp"
#include "frond/run/event.hpp"

#include <cassert>
#include <optional>
#include <utility>

namespace frond {

/// Copying it allocates nothing: an error is a pointer to shared details.
class task_end {
public:
    /// Requires: it has ended, and not failed.
    task_end(task_state how) noexcept : state_(how) { assert(how != task_state::running && how != task_state::failed); }
    /// `why` is told of its place.
    static task_end failed(error why) noexcept { return {task_state::failed, std::move(why)}; }

    task_state state() const noexcept { return state_; }
    /// Why it failed; null if it did not.
    error const* failure() const noexcept { return state_ == task_state::failed ? &why_ : nullptr; }

private:
    task_end(task_state how, error why) noexcept : state_(how), why_(std::move(why)) {}

    task_state state_;
    error why_;
};

/// What running a task's steps has come to: an end, or none if it goes on later by itself.
using step_outcome = std::optional<task_end>;

}  // namespace frond
