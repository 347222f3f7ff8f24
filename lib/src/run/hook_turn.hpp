// Lets several runs tell one hook by turns: one call at a time, first come, first served.
#pragma once

#include "frond/base/executor.hpp"

#include <memory>
#include <mutex>

namespace frond {

/// Thread: any. `take` and `give` pair like lock and unlock, but on different threads if need be.
class hook_turn {
public:
    /// The turn of this hook, shared by all runs that tell the hook now. Errors: throws std::bad_alloc.
    static std::shared_ptr<hook_turn> of(void* hook);

    explicit hook_turn(void* hook) noexcept : hook_(hook) {}
    ~hook_turn();
    hook_turn(hook_turn const&) = delete;
    hook_turn& operator=(hook_turn const&) = delete;

    /// True: the turn is the caller's. False: `waiting` is woken when it is.
    bool take(wakeable& waiting) noexcept;
    void give() noexcept;

private:
    void* const hook_;
    std::mutex mutex_;  // guards what follows
    bool taken_ = false;
    work_list waiting_;  // wakeables
};

}  // namespace frond
