// Looks every millisecond whether a thread is inside a long body,
// and posts the work that waits behind it: see working_thread.
//
// The watch is a thread of the library's own, one for the process. It is started when an executor of several threads
// first runs something, and sleeps while no such executor runs anything. A timer in the executor's own context cannot
// take its place: a timer that stays armed keeps the context from running out of work, and a timer that is set and
// cancelled with each run costs more than a small run.
#pragma once

#include <atomic>
#include <chrono>

namespace frond {

class thread_watch {
public:
    /// The time between two looks. A body that lasts for one to two periods counts as long.
    static constexpr auto period = std::chrono::milliseconds(1);

    /// Must be called by a thread that begins to work: starts the watch, or wakes it.
    /// Where no thread can be started there is no watch. Thread: any.
    static void keep_going() noexcept {
        if (!going.load(std::memory_order_relaxed)) begin();
    }

private:
    struct looker;
    static void begin() noexcept;

    // True while the watch looks every period. Changed under the looker's mutex;
    // read as a hint without the mutex by a thread that begins to work.
    static std::atomic<bool> going;
};

}  // namespace frond
