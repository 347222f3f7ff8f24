// The executor seam: where work runs. The library knows executors only by this interface; Asio's are adapted to it in
// frond/asio.hpp, and a test puts its own in their place.
#pragma once

#include "frond/base/work.hpp"

#include <atomic>
#include <cstdint>

namespace frond {

/// Runs work, some time later, on threads of its own.
///
/// Thread: every member may be called from any thread.
class executor {
public:
    /// Runs `item` once, later, never inside this call, with `pump::drive(item, *this)`.
    virtual void post(work& item) noexcept = 0;
    /// Runs `item` at once if this thread is one of the executor's own, else posts it.
    virtual void dispatch(work& item) noexcept = 0;
    /// How many threads run it: 1 for a strand or a single-threaded context, 0 if that is not known.
    virtual unsigned concurrency() const noexcept = 0;
    /// Tells threads apart: the same value for every call on one thread, different values on two threads that exist at the same
    /// time. An executor whose threads are not those of the operating system says here which of its own threads runs.
    virtual void const* this_thread() const noexcept;
    /// Returns when no other thread is inside `post` or `dispatch` to hand something over. Called by who may end what runs the
    /// executor, never from inside one of the two. An executor that is not touched after it has taken the work over has none.
    virtual void wait_for_posts() const noexcept {}

    /// True if `thread_watch` looks after the threads: where they are real ones and several. Called by one that begins to work.
    bool is_watched() noexcept;

    /// Runs `item` soon: next in the current pump if that is this executor's, else dispatched.
    void wake(work& item) noexcept {
        pump* const here = pump::current();
        if (here != nullptr && &here->on() == this) {
            here->push_front(item);
        } else if (here != nullptr) {
            post(item);
        } else {
            dispatch(item);
        }
    }

protected:
    executor() = default;
    executor(executor const&) = delete;
    executor& operator=(executor const&) = delete;
    ~executor() = default;

    /// For executors of real threads. `if_several`: until a second one has worked nobody else may post, since there may be none.
    enum class watch : std::uint8_t { never, if_several, always };
    void watch_threads(watch when) noexcept { watch_.store(when, std::memory_order_relaxed); }

private:
    bool sees_second_thread() noexcept;

    std::atomic<watch> watch_{watch::never};          // becomes `always` when a second thread is seen
    std::atomic<void const*> first_thread_{nullptr};  // that has worked, as `this_thread` tells it; only compared
};

class parking;

/// Work that knows where it runs.
struct wakeable : work {
    using work::work;
    executor* on = nullptr;
    parking* parked_in = nullptr;  // set by the parking, if it waits in one
    unsigned weight = 1;           // in it: how much of what is not done yet waits with this

    void wake() noexcept {
        if (parked_in != nullptr) leave_parking();
        on->wake(*this);
    }
    /// The same on any thread of the executor, but not next on this one.
    void wake_elsewhere() noexcept {
        if (parked_in != nullptr) leave_parking();
        on->post(*this);
    }

private:
    void leave_parking() noexcept;
};

}  // namespace frond
