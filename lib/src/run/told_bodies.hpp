// The running bodies that have told how far they are, for displays:
// at most 64 of them, since a display cannot show all.
#pragma once

#include "frond/run/event.hpp"
#include "frond/run/progress.hpp"
#include "task_context.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace frond {

/// Invariant: a body is in the list exactly while its context says `told`. Then the body runs, so the context lives.
/// Thread: any; the calls for one task come from the thread of its body.
class told_bodies {
public:
    /// Notes how far the body of a task is. No effect if the list is full of other bodies, or where memory is out.
    void note(task_context& of, double done, double whole) noexcept;
    /// The body has ended. Requires: of.told.
    void forget(task_context& of) noexcept;
    /// The bodies, the latest first. `id_of(task_context const&)` gives a task's id.
    /// Errors: throws std::bad_alloc, and what `id_of` throws.
    template <class IdOf>
    std::vector<body_progress> read(IdOf id_of) const {
        std::vector<body_progress> made;
        // The mutex is held to the end, since it keeps the contexts alive.
        std::lock_guard const guard(mutex_);
        for (auto each = bodies_.rbegin(); each != bodies_.rend(); ++each) {
            made.push_back(named(id_of(static_cast<task_context const&>(*each->of)), each->done, each->whole));
        }
        return made;
    }

private:
    struct told_body {
        task_context* of;
        double done;
        double whole;
    };
    static constexpr std::size_t most = 64;

    static body_progress named(task_id const& task, double done, double whole);

    mutable std::mutex mutex_;  // guards the bodies, and keeps their contexts alive
    std::vector<told_body> bodies_;
};

}  // namespace frond
