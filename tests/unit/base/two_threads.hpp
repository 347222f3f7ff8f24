// What the tests of threads at work stand on: an executor of several threads, another thread, and a place to meet it.
#pragma once

#include "frond/base/executor.hpp"

#include <barrier>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace two_threads {

/// Keeps what is posted from any thread until the test runs it. Says that two threads run it, so that they are looked after.
class shared_executor final : public frond::executor {
public:
    shared_executor() = default;
    explicit shared_executor(frond::known_threads::number known) : executor(known) {}

    void post(frond::work& item) noexcept override {
        std::lock_guard const guard(mutex_);
        ready_.push_back(item);
        ++posted_;
    }
    void dispatch(frond::work& item) noexcept override { post(item); }
    unsigned concurrency() const noexcept override { return 2; }

    // So far.
    int posted() const {
        std::lock_guard const guard(mutex_);
        return posted_;
    }
    void run() noexcept {
        while (frond::work* const item = next()) frond::pump::drive(*item, *this);
    }

private:
    frond::work* next() noexcept {
        std::lock_guard const guard(mutex_);
        return ready_.empty() ? nullptr : &ready_.pop_front();
    }

    mutable std::mutex mutex_;  // guards all below
    frond::work_list ready_;
    int posted_ = 0;
};

struct job : frond::work {
    explicit job(std::function<void()> act) : work(&job::go), act_(std::move(act)) {}
    static void go(frond::work& self) noexcept { static_cast<job&>(self).act_(); }

private:
    std::function<void()> act_;
};

/// Waits in a pump, and remembers which thread has run it.
struct errand : frond::work {
    errand() noexcept : work(&errand::go) {}
    static void go(frond::work& self) noexcept {
        auto& me = static_cast<errand&>(self);
        me.ran_on = std::this_thread::get_id();
        ++me.runs;
    }
    std::thread::id ran_on;
    int runs = 0;
};

struct counted_hand : frond::at_hand {
    counted_hand() noexcept : at_hand(&counted_hand::count) {}
    static void count(frond::at_hand& self) noexcept { ++static_cast<counted_hand&>(self).given; }
    int given = 0;
};

/// Another thread, which runs one function in a pump.
class other_thread {
public:
    other_thread(frond::executor& on, std::function<void()> act)
        : act_(std::move(act)), thread_([this, &on] { frond::pump::drive(act_, on); }) {}
    ~other_thread() { join(); }
    other_thread(other_thread const&) = delete;
    other_thread& operator=(other_thread const&) = delete;

    void join() {
        if (thread_.joinable()) thread_.join();
    }

private:
    job act_;
    std::thread thread_;
};

/// The test and the other thread wait here for each other; each then sees all that the other did before.
class meeting {
public:
    void meet() { both_.arrive_and_wait(); }

private:
    std::barrier<> both_{2};
};

}  // namespace two_threads
