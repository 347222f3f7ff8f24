#include "told_bodies.hpp"

#include "child_text.hpp"

#include <algorithm>
#include <cassert>

namespace frond {

void told_bodies::note(task_context& of, double done, double whole) noexcept {
    std::lock_guard const guard(mutex_);
    auto const found =
        std::find_if(bodies_.begin(), bodies_.end(), [&](told_body const& each) { return each.of == &of; });
    assert((found != bodies_.end()) == of.told);
    if (found != bodies_.end()) {
        found->done = done;
        found->whole = whole;
    } else if (bodies_.size() < most) {
        try {
            bodies_.push_back({&of, done, whole});
            of.told = true;
        } catch (...) {
            // Out of memory: displays do not show the body.
        }
    }
}

void told_bodies::forget(task_context& of) noexcept {
    assert(of.told);
    of.told = false;
    std::lock_guard const guard(mutex_);
    auto const erased = std::erase_if(bodies_, [&](told_body const& each) { return each.of == &of; });
    assert(erased == 1);
    static_cast<void>(erased);
}

body_progress told_bodies::named(task_id const& task, double done, double whole) {
    return {task.to_string(), done, whole, child_text(task)};
}

}  // namespace frond
