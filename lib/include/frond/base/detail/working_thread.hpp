// The record of one thread that runs pumps: the work that waits on it, and whether it is inside a body. Another thread
// may take that work over while the body lasts.
//
// A thread that runs a pump holds its biased lock while it is not inside a body, and now and then inside one. A body in
// which the thread is found at two looks in a row is long:
// all work that waits behind the body is then posted to its executor.
#pragma once

#include "frond/base/detail/biased_lock.hpp"

#include <atomic>
#include <cstdint>

namespace frond {

class pump;

/// Work that waits behind the bodies of a thread, beside the work in its pumps. Lives on the thread's stack.
struct at_hand {
    explicit at_hand(void (*hand_over)(at_hand&) noexcept) noexcept : give(hand_over) {}
    at_hand(at_hand const&) = delete;
    at_hand& operator=(at_hand const&) = delete;

    /// Posts the work for other threads. Called by another thread, while the thread that owns `self` is inside a body.
    void (*give)(at_hand& self) noexcept;
    at_hand* outer = nullptr;
};

/// Thread: the thread of the record, but for the static functions that name another rule.
class working_thread {
public:
    /// The calling thread's record. Null where there was no memory for one: then no other thread relieves this one.
    static working_thread* here() noexcept;

    /// Looks at the records of all threads of the process. A thread that is inside the same body as at the last look is
    /// relieved: the work that waits on it is posted to its executor, if another thread may post to that.
    /// Gives true if another thread than the caller's runs a pump.
    /// Thread: any; a second call at the same time does nothing.
    static bool relieve_all() noexcept;

    /// Around a fork, on the thread that forks, which is the only thread of the child.
    static void before_fork() noexcept;
    static void after_fork(bool in_child) noexcept;

    /// True if a thread of the process runs a pump. Thread: any.
    static bool any_at_work() noexcept;

    /// The thread runs a body, or other code of the user, for as long as this lives.
    class body {
    public:
        explicit body(working_thread* on) noexcept : on_(on != nullptr && on->lock_.is_locked() ? on : nullptr) {
            if (on_ == nullptr) return;
            within_another_ = on_->is_inside_body();
            if (!within_another_) on_->relieved_.store(false, std::memory_order_relaxed);
            on_->count_body(within_another_);
            on_->lock_.unlock();
        }
        ~body() {
            if (on_ == nullptr) return;
            on_->lock_.lock();
            on_->count_body(within_another_);
        }
        body(body const&) = delete;
        body& operator=(body const&) = delete;

    private:
        working_thread* on_;  // null: there is no record, or the thread is in a body and outside own_business
        bool within_another_ = false;
    };

    /// The thread runs code of the library, perhaps in the midst of a body,
    /// for as long as this lives: no other thread may relieve it.
    class own_business {
    public:
        explicit own_business(working_thread* on) noexcept
            : on_(on != nullptr && !on->lock_.is_locked() ? on : nullptr) {
            if (on_ != nullptr) on_->lock_.lock();
        }
        ~own_business() {
            if (on_ != nullptr) on_->lock_.unlock();
        }
        own_business(own_business const&) = delete;
        own_business& operator=(own_business const&) = delete;

    private:
        working_thread* on_;
    };

    /// Keeps `what` in the thread's record for as long as this lives.
    class holds {
    public:
        holds(working_thread* on, at_hand& what) noexcept : on_(on) {
            if (on_ == nullptr) return;
            own_business const here(on_);
            what.outer = on_->held_;
            on_->held_ = &what;
        }
        ~holds() {
            if (on_ == nullptr) return;
            own_business const here(on_);
            on_->held_ = on_->held_->outer;
        }
        holds(holds const&) = delete;
        holds& operator=(holds const&) = delete;

    private:
        working_thread* on_;
    };

    /// New work waits on the thread. If the thread was relieved in this body already, it may be relieved once more.
    static void has_more(working_thread* on) noexcept {
        if (on != nullptr && on->is_inside_body() && on->is_relieved()) on->count_body(true);
    }

    /// True if the thread was relieved since the last call: its last body was long.
    bool was_relieved() noexcept { return is_relieved() && relieved_.exchange(false, std::memory_order_relaxed); }

private:
    friend class pump;
    struct registry;
    struct registered;

    // A body begins or ends. A body within another one counts by two, so that the thread stays inside.
    void count_body(bool within_another = false) noexcept {
        body_.store(body_.load(std::memory_order_relaxed) + (within_another ? 2 : 1), std::memory_order_release);
    }
    bool is_relieved() const noexcept { return relieved_.load(std::memory_order_relaxed); }
    bool is_inside_body() const noexcept { return body_.load(std::memory_order_relaxed) % 2 != 0; }
    void enter(pump& innermost) noexcept;
    void leave(pump& innermost) noexcept;
    bool may_be_relieved() const noexcept;
    void relieve() noexcept;

    // Guarded by the lock.
    biased_lock lock_;
    pump* pumps_ = nullptr;  // the innermost one
    at_hand* held_ = nullptr;

    std::atomic<std::uint64_t> body_{
        0};                             // odd: inside a body, and inside the same body while the number does not change
    std::atomic<bool> at_work_{false};  // the thread runs a pump; a hint
    std::atomic<bool> relieved_{false};  // a hint for the thread itself

    // Guarded by the registry's mutex.
    std::uint64_t seen_ = 0;   // body_ at the last look
    std::uint64_t given_ = 0;  // the body behind which nothing waits any more, since all work was given away
    working_thread* next_ = nullptr;
};

}  // namespace frond
