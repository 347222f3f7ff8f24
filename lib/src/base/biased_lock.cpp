#include "frond/base/detail/biased_lock.hpp"

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace frond {

namespace {

#if defined(__linux__) && defined(SYS_membarrier)
bool call_membarrier(int command) noexcept { return syscall(SYS_membarrier, command, 0, 0) == 0; }
bool register_heavy() noexcept { return call_membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }
bool act_on_all() noexcept { return call_membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED); }
#else
bool register_heavy() noexcept { return false; }
bool act_on_all() noexcept { return false; }
#endif

}  // namespace

std::atomic<bool> asymmetric_fence::heavy_acts_on_all{false};

void asymmetric_fence::prepare() noexcept {
    if (register_heavy()) heavy_acts_on_all.store(true, std::memory_order_seq_cst);
}

bool asymmetric_fence::heavy() noexcept {
    if (heavy_acts_on_all.load(std::memory_order_relaxed)) return act_on_all();
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return true;
}

}  // namespace frond
