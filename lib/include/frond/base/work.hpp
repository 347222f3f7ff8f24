// The unit of scheduling, and the pump: the loop on a thread that runs it and what it makes runnable.
#pragma once

#include "frond/base/working_thread.hpp"

#include <chrono>

namespace frond {

class executor;

/// Something to do once, linked into whatever list it waits in. It is owned by whoever made it.
struct work {
    using function = void (*)(work&) noexcept;

    explicit work(function act) noexcept : run(act) {}
    work(work const&) = delete;
    work& operator=(work const&) = delete;

    function run;
    work* next = nullptr;
};

/// A list of work, first in, first out, with a way to the front. Thread: none; guard it from outside.
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

    /// Runs `item` and all that it makes runnable on `on`. Called from the executor's own threads, never from inside
    /// a pump for the same executor (then `push_front` or `push_back` is meant).
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
    /// Posts all that waits here to the executor, where other threads find it: this one is about to be busy for long.
    void hand_over() noexcept {
        working_thread::own_business const here(thread_);
        post_all();
    }
    /// The record by which other threads may relieve the calling one; null if no pump runs here, or one of a one-threaded executor.
    static working_thread* thread_here() noexcept { return current_ != nullptr ? current_->thread_ : nullptr; }
    /// When what runs here began to count its time; for those who share the thread fairly. Begins as zero.
    std::chrono::steady_clock::time_point& slice() noexcept { return slice_; }

private:
    friend class working_thread;

    explicit pump(executor& on) noexcept;
    ~pump();
    void post_all() noexcept;

    executor& on_;
    pump* const outer_;  // on this thread
    working_thread* const thread_;
    // Of the thread when this pump began, on an executor of several threads:
    bool found_unlocked_ = false;  // it was inside a body, or ran no pump
    bool found_body_ = false;      // it was inside a body
    pump* found_pump_ = nullptr;   // the innermost one of such an executor
    work_list queue_;
    std::chrono::steady_clock::time_point slice_{};
    static thread_local pump* current_;
};

}  // namespace frond
