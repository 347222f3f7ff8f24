#include "pending_work.hpp"

namespace frond {

void pending_work::drop() noexcept {
    if (parking_ != nullptr) {
        drop_watched();
        return;
    }
    auto const before = count_.fetch_sub(1, std::memory_order_acq_rel);
    assert(before != 0);
    if (before == 1) finish_.on->wake(finish_);
}

// Once the mutex is free, and this was not the last, the expansion may be gone.
void pending_work::drop_watched() noexcept {
    work_list woken;
    bool last = false;
    {
        std::lock_guard const guard(parking_->watch().mutex);
        last = count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
        if (!last) parking_->watch().look(woken);
    }
    wake_all(woken);
    if (last) finish_.on->wake(finish_);
}

}  // namespace frond
