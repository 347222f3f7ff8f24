#include "hook_turn.hpp"

#include <unordered_map>

namespace frond {

namespace {

struct registry {
    std::mutex mutex;  // guards the map
    std::unordered_map<void*, std::weak_ptr<hook_turn>> turns;
};

// Never destroyed: runs may outlive static objects.
registry& all() {
    static auto& made = *new registry;
    return made;
}

}  // namespace

std::shared_ptr<hook_turn> hook_turn::of(void* hook) {
    {
        std::lock_guard const guard(all().mutex);
        auto const known = all().turns.find(hook);
        if (known != all().turns.end()) {
            if (auto shared = known->second.lock()) return shared;
        }
    }
    // Made and, if need be, destroyed without the mutex, which its destructor takes.
    auto made = std::make_shared<hook_turn>(hook);
    std::lock_guard const guard(all().mutex);
    auto& known = all().turns[hook];
    if (auto shared = known.lock()) return shared;
    known = made;
    return made;
}

hook_turn::~hook_turn() {
    std::lock_guard const guard(all().mutex);
    auto const known = all().turns.find(hook_);
    // A new turn of the same hook may have taken this one's place.
    if (known != all().turns.end() && known->second.expired()) all().turns.erase(known);
}

bool hook_turn::take(wakeable& waiting) noexcept {
    std::lock_guard const guard(mutex_);
    if (!taken_) {
        taken_ = true;
        return true;
    }
    waiting_.push_back(waiting);
    return false;
}

void hook_turn::give() noexcept {
    wakeable* next = nullptr;
    {
        std::lock_guard const guard(mutex_);
        if (waiting_.empty()) {
            taken_ = false;
        } else {
            next = &static_cast<wakeable&>(waiting_.pop_front());
        }
    }
    if (next != nullptr) next->wake();
}

}  // namespace frond
