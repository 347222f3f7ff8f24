#include "frond/asio/executor.hpp"

#include <memory>
#include <mutex>

namespace frond {

void asio_executor_base::close() noexcept {
    {
        std::lock_guard const guard(mutex_);
        running_ = true;
    }
    set_gone();
    // A thread that has seen the executor alive may be inside a post to its context.
    wait_for_posts();
    let_go_of_context();
}

void asio_executor_base::run_left_work() noexcept {
    for (;;) {
        work* next = nullptr;
        {
            std::lock_guard const guard(mutex_);
            if (left_.empty()) {
                running_ = false;
                return;
            }
            next = &left_.pop_front();
        }
        pump::drive(*next, *this);
    }
}

void asio_executor_base::run_left_work_kept() noexcept {
    auto const alive = guest_->keep();
    run_left_work();
}

void asio_executor_base::run_here(work& item) noexcept {
    {
        std::lock_guard const guard(mutex_);
        left_.push_back(item);
        if (running_) return;
        running_ = true;
    }
    // The caller of a post may hold a lock. What runs in a pump holds none once it has returned.
    if (pump* const here = pump::current()) {
        here->push_back(run_left_);
    } else {
        run_left_work_kept();
    }
}

void asio_executor_base::dropped(work& item) noexcept {
    if (is_gone()) {
        run_here(item);
    } else {
        post_late(item);
    }
}

void asio_executor_base::leave(work& item) noexcept {
    if (is_gone()) {
        run_here(item);
        return;
    }
    // A service of the context has ended before frond's own, and `close` follows; without a guest nothing does.
    std::lock_guard const guard(mutex_);
    left_.push_back(item);
}

}  // namespace frond
