// The ways on which the tasks of a run came about: of each task that has ended the one before it, back to the beginning.
//
// Ways share their beginnings, and what no way leads over any more is gone. A way is no longer than the plan has specs,
// since what comes before a task is something that its spec needs.
#pragma once

#include "frond/base/child.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace frond::hooks::detail {

/// Which task, without the plan.
struct task_mark {
    std::size_t spec = 0;
    std::shared_ptr<child_path const> enclosing;
    std::optional<std::uint64_t> index;
    child_key key;

    task_mark() noexcept = default;
    explicit task_mark(task_id const& of) : spec(of.spec), enclosing(of.enclosing), index(of.index), key(of.key) {}

    /// What is the same already is not counted down and up again.
    void become(task_id const& other) {
        spec = other.spec;
        index = other.index;
        if (enclosing != other.enclosing) enclosing = other.enclosing;
        if (key != other.key) key = other.key;
    }
    task_id id(std::shared_ptr<frond::plan const> of) const { return {std::move(of), spec, enclosing, index, key}; }
};

struct step;
using way = std::shared_ptr<step const>;

struct step {
    task_mark task;
    time_point from{};
    time_point to{};
    way before;        // null: the beginning of the run,
    bool cut = false;  // unless what came before is not known
    duration alone{};  // of an expander: how long none of its children was queued or ran

    step(task_mark of, time_point begin, time_point end, way earlier, bool unknown, duration by_itself = {})
        : task(std::move(of)), from(begin), to(end), before(std::move(earlier)), cut(unknown), alone(by_itself) {}
    step(step const&) = delete;
    step& operator=(step const&) = delete;
    // One after the other: a long way must not take a stack as deep.
    ~step() {
        for (way next = std::move(before); next != nullptr && next.use_count() == 1;) {
            way further = std::move(const_cast<step&>(*next).before);
            next = std::move(further);
        }
    }
};

/// When a child was yielded, and what the expander had waited for by then, if it reads streams itself.
struct yield_mark {
    bool known = false;
    time_point at{};
    duration alone{};  // of the expander until then
    way before;
};

}  // namespace frond::hooks::detail
