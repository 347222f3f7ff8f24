// The executor seam: where work runs. The library knows executors only by this interface; Asio's are adapted to it in
// frond/asio.hpp, and a test puts its own in their place.
#pragma once

#include "frond/base/detail/known_threads.hpp"
#include "frond/base/work.hpp"

#include <atomic>
#include <memory>
#include <utility>

namespace frond {

/// Runs work, some time later, on threads of its own.
///
/// Thread: every member may be called from any thread.
class executor {
public:
    /// Runs `item` once, later, never inside this call, with `pump::drive(item, *this)`, or with `pump::drive_posted` if
    /// the thread that runs it comes back to the executor at once.
    virtual void post(work& item) noexcept = 0;
    /// As `post`, for a thread of the executor that comes back to it at once: no other thread need be woken for `item`.
    virtual void defer(work& item) noexcept { post(item); }
    /// Runs `item` at once if this thread is one of the executor's own, else posts it.
    virtual void dispatch(work& item) noexcept = 0;
    /// How many threads run it: 1 for a strand or a single-threaded context, 0 if that is not known.
    virtual unsigned concurrency() const noexcept = 0;
    /// Tells threads apart: the same value for every call on one thread, different values on two threads that exist at
    /// the same time. An executor whose threads are not the operating system's must give a value for each of its own.
    virtual void const* this_thread() const noexcept;
    /// Returns when no other thread is inside `post` or `dispatch`. Called before the context behind the executor may
    /// end, never from inside one of the two.
    /// Does nothing for an executor that no thread touches after it has taken work over.
    virtual void wait_for_posts() const noexcept {}

    /// Where only one thread was seen so far, posts a call: another thread that is free answers it, and is seen. Must be
    /// called by a thread of the executor, before it enters the first body of a run.
    virtual void call_threads() noexcept {}
    /// A thread of the executor begins to work. True if `thread_watch` looks after it: the executor's threads are real
    /// threads, and there are several.
    bool comes_to_work() noexcept { return threads().comes(this_thread()); }
    /// True if the executor may have one thread only, and then no other thread may post to it. A second thread that comes
    /// to work ends that.
    bool may_have_one_thread() const noexcept { return threads().perhaps_one(); }

    /// True: the context that ran it is being destroyed, or has been. Whatever is posted runs on the thread that posts it, when
    /// that thread is inside nothing else of frond. Frames that wait here do not go on: their fibers stop when they are woken.
    bool is_gone() const noexcept { return gone_.load(std::memory_order_seq_cst); }

    /// Runs `item` soon: next in the current pump if that runs for this executor. Inside another executor's pump `item`
    /// is posted, and where no pump runs it is dispatched.
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
    /// The address of a mark that each of the operating system's threads has for itself; `this_thread` gives it by default.
    static void const* real_thread() noexcept;

    executor() = default;
    executor(executor const&) = delete;
    executor& operator=(executor const&) = delete;
    ~executor() = default;

    /// For executors of real threads. `of_context`: the record of the threads that run it, shared by all executors
    /// that these threads run; null: the executor has threads of its own.
    explicit executor(known_threads::number known, std::shared_ptr<known_threads> of_context = nullptr) noexcept
        : own_(known), of_context_(std::move(of_context)) {}

    std::shared_ptr<known_threads> const& threads_of_context() const noexcept { return of_context_; }

    void set_gone() noexcept { gone_.store(true, std::memory_order_seq_cst); }

private:
    known_threads& threads() noexcept { return of_context_ != nullptr ? *of_context_ : own_; }
    known_threads const& threads() const noexcept { return of_context_ != nullptr ? *of_context_ : own_; }

    known_threads own_{known_threads::number::simulated};
    std::shared_ptr<known_threads> const of_context_;
    std::atomic<bool> gone_{false};
};

class parking;

/// Work that knows where it runs.
struct wakeable : work {
    using work::work;
    executor* on = nullptr;
    parking* parked_in = nullptr;  // set by the parking while this waits there; else null
    unsigned weight = 1;           // how much of an expansion's pending count waits with this

    void wake() noexcept {
        if (parked_in != nullptr) leave_parking();
        on->wake(*this);
    }
    /// As `wake`, but on any thread of the executor, and not next in this thread's pump.
    void wake_elsewhere() noexcept {
        if (parked_in != nullptr) leave_parking();
        on->post(*this);
    }

private:
    void leave_parking() noexcept;
};

}  // namespace frond
