// An executor with real threads and nothing else, so that what ThreadSanitizer sees is ours.
#pragma once

#include "frond/base/executor.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace stress {

class thread_executor final : public frond::executor {
public:
    explicit thread_executor(unsigned threads) {
        for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
    }
    ~thread_executor() {
        {
            std::lock_guard const guard(mutex_);
            over_ = true;
        }
        came_.notify_all();
        for (std::thread& each : threads_) each.join();
    }

    void post(frond::work& item) noexcept override {
        // Notified inside: who is told of the last item's end may destroy the executor.
        std::lock_guard const guard(mutex_);
        ready_.push_back(item);
        came_.notify_one();
    }
    void dispatch(frond::work& item) noexcept override { post(item); }
    unsigned concurrency() const noexcept override { return static_cast<unsigned>(threads_.size()); }

private:
    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            came_.wait(lock, [this] { return over_ || !ready_.empty(); });
            if (ready_.empty()) return;
            frond::work& item = ready_.pop_front();
            lock.unlock();
            frond::pump::drive(item, *this);
            lock.lock();
        }
    }

    std::mutex mutex_;  // guards what follows
    std::condition_variable came_;
    frond::work_list ready_;
    bool over_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace stress
