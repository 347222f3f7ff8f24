// Looks every millisecond whether a thread is inside a long body, and posts what waits behind it: see working_thread.
//
// A thread of the library's own, one for the process. It is started when an executor of several threads first runs something, and
// sleeps while no such executor does. A timer in the executor's own context cannot take its place: one that stays armed keeps
// the context from running out of work, and one that is set and cancelled with each run costs more than a small run.
#pragma once

#include <atomic>
#include <chrono>

namespace frond {

class thread_watch {
public:
    /// A body that lasts for one to two of these counts as long.
    static constexpr auto period = std::chrono::milliseconds(1);

    /// Must be called by a thread that begins to work: starts the watch, or wakes it. Where no thread can be started there is no
    /// watch. Thread: any.
    static void keep_going() noexcept {
        if (!going.load(std::memory_order_relaxed)) begin();
    }

private:
    struct looker;
    static void begin() noexcept;

    // The watch looks every period. Changed under the looker's mutex; a thread that begins to work reads it without, as a hint.
    static std::atomic<bool> going;
};

}  // namespace frond
