#include "slot_limiter.hpp"

namespace frond {

bool slot_limiter::try_take() noexcept {
    std::lock_guard const guard(mutex_);
    if (taken_ >= limit_) return false;
    ++taken_;
    return true;
}

bool slot_limiter::take(wakeable& waiting, bool first) noexcept {
    std::lock_guard const guard(mutex_);
    if (taken_ < limit_) {
        ++taken_;
        return true;
    }
    if (first) {
        waiting_.push_front(waiting);
    } else {
        waiting_.push_back(waiting);
    }
    return false;
}

void slot_limiter::take_anyway() noexcept {
    std::lock_guard const guard(mutex_);
    ++taken_;
}

void slot_limiter::give() noexcept {
    wakeable* next = nullptr;
    {
        std::lock_guard const guard(mutex_);
        assert(taken_ != 0);
        // A slot beyond the limit is not passed on, so that the number of taken slots comes down to the limit.
        if (taken_ > limit_ || waiting_.empty()) {
            --taken_;
        } else {
            next = &static_cast<wakeable&>(waiting_.pop_front());
        }
    }
    if (next != nullptr) next->wake();
}

}  // namespace frond
