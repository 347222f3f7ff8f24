// The unit of scheduling, work, and the pump: the loop on a thread that runs work and all that this makes runnable.
#pragma once

#include "frond/base/detail/clock_pace.hpp"
#include "frond/base/detail/thread_slice.hpp"
#include "frond/base/detail/working_thread.hpp"

namespace frond {

class executor;

/// Something to do once, linked into the list in which it waits. The code that made it owns it.
struct work {
    using function = void (*)(work&) noexcept;

    explicit work(function act) noexcept : run(act) {}
    work(work const&) = delete;
    work& operator=(work const&) = delete;

    function run;
    work* next = nullptr;
};

/// A list of work, first in, first out, with a way to the front. Thread: none; the user of the list must guard it.
class work_list {
public:
    bool empty() const noexcept { return head_ == nullptr; }
    void push_back(work& item) noexcept {
        item.next = nullptr;
        (tail_ != nullptr ? tail_->next : head_) = &item;
        tail_ = &item;
    }
    void push_front(work& item) noexcept {
        item.next = head_;
        head_ = &item;
        if (tail_ == nullptr) tail_ = &item;
    }
    work& pop_front() noexcept {
        work& item = *head_;
        head_ = item.next;
        if (head_ == nullptr) tail_ = nullptr;
        return item;
    }

private:
    work* head_ = nullptr;
    work* tail_ = nullptr;
};

/// Runs work on this thread until there is none, for one executor. `pump::current()` is the innermost one, if any.
class pump {
public:
    static pump* current() noexcept { return current_; }

    /// Runs `item`, and all work for `on` that it makes runnable. Must be called on a thread of that executor, and
    /// never from inside a pump for the same executor: there `push_front` and `push_back` serve.
    static void drive(work& item, executor& on) noexcept { drive(item, on, false); }
    /// The same, called by the executor itself, to which the thread comes back when this returns.
    static void drive_posted(work& item, executor& on) noexcept { drive(item, on, true); }

    executor& on() const noexcept { return on_; }
    void push_front(work& item) noexcept {
        working_thread::own_business const here(thread_);
        working_thread::has_more(thread_);
        queue_.push_front(item);
    }
    void push_back(work& item) noexcept {
        working_thread::own_business const here(thread_);
        working_thread::has_more(thread_);
        queue_.push_back(item);
    }
    /// True if nothing waits.
    bool idle() const noexcept {
        working_thread::own_business const here(thread_);
        return queue_.empty();
    }
    /// Posts all waiting work to the executor, where other threads find it,
    /// since this thread is about to be busy for long.
    void hand_over() noexcept {
        working_thread::own_business const here(thread_);
        post_all();
    }
    /// Posts `item`, since this thread has been held for long enough. No other thread is woken for `item` where this
    /// thread comes back to its executor at once.
    void post_for_later(work& item) noexcept;
    /// The record by which other threads may relieve the calling thread; null if no pump runs here,
    /// or if the innermost pump's executor has one thread.
    static working_thread* thread_here() noexcept { return current_ != nullptr ? current_->thread_ : nullptr; }
    /// How long this pump has held its thread, by which a run tells when to give the thread back.
    thread_slice& slice() noexcept { return slice_; }
    /// How often tasks that go on apart from any lane look at the clock.
    clock_pace& pace() noexcept { return pace_; }

private:
    friend class working_thread;

    pump(executor& on, bool posted) noexcept;
    static void drive(work& item, executor& on, bool posted) noexcept;
    ~pump();
    void post_all() noexcept;

    executor& on_;
    bool const posted_;  // the thread comes back to the executor when this pump is over
    pump* const outer_;  // the next one on this thread
    working_thread* const thread_;
    // The state of the thread when this pump began, on an executor of several threads:
    bool found_unlocked_ = false;  // the thread was inside a body, or ran no pump
    bool found_body_ = false;      // the thread was inside a body
    pump* found_pump_ = nullptr;   // the innermost pump of an executor of several threads
    work_list queue_;
    thread_slice slice_;
    clock_pace pace_;
    static constinit thread_local pump* current_;
};

}  // namespace frond
