#include "told_bodies.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string>

namespace frond {

namespace {

/// A task's child and the children around it, outermost first:
/// by key, or by index where a child has no key; empty if no child has a key.
std::string child_text(task_id const& id) {
    if (!id.index) return {};
    bool keyed = id.key != nullptr;
    auto const name = [](std::uint64_t index, child_key const& key) { return key ? *key : std::to_string(index); };
    std::string text = name(*id.index, id.key);
    for (auto const* each = id.enclosing.get(); each != nullptr; each = each->enclosing.get()) {
        keyed = keyed || each->key != nullptr;
        text.insert(0, " > ").insert(0, name(each->index, each->key));
    }
    return keyed ? text : std::string();
}

}  // namespace

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
