// The unit of scheduling, and the pump: the loop on a thread that runs it and what it makes runnable.
#pragma once

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
    void push_front(work& item) noexcept { queue_.push_front(item); }
    void push_back(work& item) noexcept { queue_.push_back(item); }
    bool idle() const noexcept { return queue_.empty(); }
    /// Posts all that waits here to the executor, where other threads find it: this one is about to be busy for long.
    void hand_over() noexcept;
    /// When what runs here began to count its time; for those who share the thread fairly. Begins as zero.
    std::chrono::steady_clock::time_point& slice() noexcept { return slice_; }

private:
    explicit pump(executor& on) noexcept : on_(on) {}

    executor& on_;
    work_list queue_;
    std::chrono::steady_clock::time_point slice_{};
    static thread_local pump* current_;
};

}  // namespace frond
