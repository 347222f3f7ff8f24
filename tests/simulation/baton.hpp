// The right to step a simulated world, and the threads of the operating system that take turns to hold it: the thread of the
// test, and workers that are made when there is no other thread left to step.
//
// Invariants:
//  (1) exactly one thread holds the baton; every other thread waits for it;
//  (2) a thread that waits is either inside `lend`, and then somebody passes the baton to it, or idle;
//  (3) the thread of the test steps in preference to a worker.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace frond::simulation {

/// Thread: every member is called by the thread that holds the baton.
class baton {
public:
    class holder;

    /// `step` is called again and again by a worker that has the baton. The thread that calls this is the thread of the test.
    explicit baton(std::function<void()> step);
    /// Requires: no thread is inside `lend`.
    ~baton();

    /// The thread that calls this.
    holder& here() noexcept { return *holds_; }
    /// Lets an idle thread step. Returns when the baton has been passed to this one.
    void lend();
    /// Lets `to` go on, which is inside `lend`. This thread is idle until the world needs it to step.
    void pass_to(holder& to) noexcept;

private:
    void work(holder& me);
    void wait_idle(holder& next) noexcept;
    holder& idle_one();
    void hand_to(holder& next) noexcept;

    std::function<void()> step_;
    std::vector<std::unique_ptr<holder>> holders_;  // the thread of the test first
    std::vector<std::thread> workers_;
    holder* holds_;
    bool over_ = false;
};

/// One thread. What it did with the baton, the next holder sees.
class baton::holder {
    friend class baton;

    void wait();
    void wake();

    bool idle_ = false;
    std::mutex mutex_;  // guards `woken_`
    std::condition_variable came_;
    bool woken_ = false;
};

}  // namespace frond::simulation
