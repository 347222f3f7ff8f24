#include "frond/base/executor.hpp"

namespace frond {

void const* executor::this_thread() const noexcept {
    // Only the address of the mark counts, which no two threads share.
    static constinit thread_local char const mark = 0;
    return &mark;
}

bool executor::is_watched() noexcept {
    watch const when = watch_.load(std::memory_order_relaxed);
    return when == watch::always || (when == watch::if_several && sees_second_thread());
}

bool executor::sees_second_thread() noexcept {
    void const* const here = this_thread();
    void const* first = first_thread_.load(std::memory_order_relaxed);
    if (first == here) return false;
    if (first == nullptr && first_thread_.compare_exchange_strong(first, here, std::memory_order_relaxed)) return false;
    watch_.store(watch::always, std::memory_order_relaxed);
    return true;
}

}  // namespace frond
