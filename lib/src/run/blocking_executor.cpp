#include "frond/run/blocking_executor.hpp"

#include "frond/asio/executor.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <vector>

namespace frond {

namespace {

// Not a thread_pool: one that cannot start its second thread waits for ever for the first.
class pool {
public:
    pool() {
        threads_.reserve(count_);
        try {
            while (threads_.size() < count_) threads_.emplace_back([this] { context_->run(); });
        } catch (...) {
            // No more threads: those that are there will do.
            if (threads_.empty()) throw;
        }
    }
    ~pool() {
        context_->stop();
        for (auto& each : threads_) each.join();
        guard_.reset();
        context_.reset();  // before the executor: work that has not begun comes back to it
    }
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;

    frond::executor& executor() noexcept { return executor_; }

private:
    unsigned const count_ = 2 * std::max(1U, std::thread::hardware_concurrency());
    std::optional<net::io_context> context_{std::in_place, static_cast<int>(count_)};
    net::executor_work_guard<net::io_context::executor_type> guard_{context_->get_executor()};
    asio_executor<net::io_context::executor_type> executor_{context_->get_executor(), count_};
    std::vector<std::thread> threads_;
};

}  // namespace

std::shared_ptr<executor> blocking_executor() {
    static auto const shared = std::make_shared<pool>();
    return std::shared_ptr<executor>(shared, &shared->executor());
}

}  // namespace frond
