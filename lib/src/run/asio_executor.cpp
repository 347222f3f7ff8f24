#include "frond/asio/executor.hpp"

#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace frond {

constinit thread_local bool detail::last_moment::now_ = false;

namespace {

// While it lives, this thread runs work that an executor has left.
class turn {
public:
    turn() noexcept { ++depth_; }
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;
    ~turn() { --depth_; }

    static bool is_on() noexcept { return depth_ != 0; }

private:
    static constinit thread_local unsigned depth_;
};
constinit thread_local unsigned turn::depth_ = 0;

}  // namespace

void asio_executor_base::close() noexcept {
    {
        std::lock_guard const guard(mutex_);
        runner_ = std::this_thread::get_id();
    }
    set_gone();
    // A thread that has seen the executor alive may be inside a post to its context.
    wait_for_posts();
    let_go_of_context();
}

// By the thread whose turn it is.
void asio_executor_base::run_left_work() noexcept {
    turn const mine;
    detail::last_moment const not_of_what_runs(false);
    for (;;) {
        work* next = nullptr;
        {
            std::lock_guard const guard(mutex_);
            if (left_.empty()) {
                runner_ = {};
                return;
            }
            next = &left_.pop_front();
        }
        pump::drive(*next, *this);
    }
}

// From a pump.
void asio_executor_base::run_left_work_kept() noexcept {
    std::shared_ptr<void> alive;
    {
        std::lock_guard const guard(mutex_);
        alive = std::exchange(queued_for_, nullptr);
        if (runner_ != std::thread::id()) return;
        runner_ = std::this_thread::get_id();
    }
    run_left_work();
}

// `at_once`: it has run when this returns, on this thread or another.
void asio_executor_base::run_here(work& item, bool at_once) noexcept {
    auto const alive = keep_guest();
    pump* const here = at_once || alive == nullptr ? nullptr : pump::current();
    bool wait = false;
    {
        std::lock_guard const guard(mutex_);
        left_.push_back(item);
        if (runner_ != std::thread::id()) {
            // A thread that runs another executor's left work never waits: two of them might wait for each other.
            if (!at_once || runner_ == std::this_thread::get_id() || turn::is_on()) return;
            wait = true;
        } else if (here != nullptr) {
            if (std::exchange(queued_for_, alive) != nullptr) return;
        } else {
            runner_ = std::this_thread::get_id();
        }
    }
    // The caller of a post may hold a lock. What runs in a pump holds none once it has returned.
    if (here != nullptr) {
        here->push_back(run_left_);
    } else if (!wait || begin_turn()) {
        run_left_work();
    }
}

// Waits until no other thread runs what is left. False: there is nothing left.
bool asio_executor_base::begin_turn() noexcept {
    for (;; std::this_thread::yield()) {
        std::lock_guard const guard(mutex_);
        if (runner_ != std::thread::id()) continue;
        if (left_.empty()) return false;
        runner_ = std::this_thread::get_id();
        return true;
    }
}

void asio_executor_base::dropped(work& item) noexcept {
    if (is_gone()) {
        run_here(item, true);
    } else {
        post_late(item);
    }
}

void asio_executor_base::leave(work& item) noexcept {
    if (is_gone()) {
        run_here(item, true);
        return;
    }
    // A service of the context has ended before frond's own, and `close` follows; without a guest nothing does.
    std::lock_guard const guard(mutex_);
    left_.push_back(item);
}

}  // namespace frond
