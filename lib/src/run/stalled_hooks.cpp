#include "stalled_hooks.hpp"

#include <algorithm>

namespace frond {

stalled_hooks& stalled_hooks::all() noexcept {
    static stalled_hooks made;
    return made;
}

void stalled_hooks::add(void const* hook) noexcept {
    std::lock_guard const guard(mutex_);
    if (std::find(hooks_.begin(), hooks_.end(), hook) != hooks_.end()) return;
    hooks_[next_] = hook;
    next_ = (next_ + 1) % most;
}

void stalled_hooks::remove(void const* hook) noexcept {
    std::lock_guard const guard(mutex_);
    std::replace(hooks_.begin(), hooks_.end(), hook, static_cast<void const*>(nullptr));
}

bool stalled_hooks::has(void const* hook) const noexcept {
    std::lock_guard const guard(mutex_);
    return std::find(hooks_.begin(), hooks_.end(), hook) != hooks_.end();
}

}  // namespace frond
