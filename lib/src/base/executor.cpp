#include "frond/base/executor.hpp"

namespace frond {

void const* executor::this_thread() const noexcept { return real_thread(); }

void const* executor::real_thread() noexcept {
    // Only the address of the mark counts, which no two threads share.
    static constinit thread_local char const mark = 0;
    return &mark;
}

}  // namespace frond
