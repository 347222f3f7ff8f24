// The unit of scheduling, work, and the pump: the loop on a thread that runs work and all that this makes runnable.
#pragma once

#include "frond/base/detail/working_thread.hpp"

#include <chrono>

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
    static void drive(work& item, executor& on) noexcept;

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
    /// The record by which other threads may relieve the calling thread; null if no pump runs here,
    /// or if the innermost pump's executor has one thread.
    static working_thread* thread_here() noexcept { return current_ != nullptr ? current_->thread_ : nullptr; }
    /// When the run on this thread began to count its time, by which it tells
    /// when to give the thread back. Begins as zero.
    std::chrono::steady_clock::time_point& slice() noexcept { return slice_; }

private:
    friend class working_thread;

    explicit pump(executor& on) noexcept;
    ~pump();
    void post_all() noexcept;

    executor& on_;
    pump* const outer_;  // the next one on this thread
    working_thread* const thread_;
    // The state of the thread when this pump began, on an executor of several threads:
    bool found_unlocked_ = false;  // the thread was inside a body, or ran no pump
    bool found_body_ = false;      // the thread was inside a body
    pump* found_pump_ = nullptr;   // the innermost pump of an executor of several threads
    work_list queue_;
    std::chrono::steady_clock::time_point slice_{};
    static thread_local pump* current_;
};

}  // namespace frond
