#include "frond/run/blocking_executor.hpp"

#include "frond/asio/executor.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace frond {

namespace {

struct pool {
    // First: threads may be inside a post, and work that has not begun comes back to the executor.
    ~pool() { threads.reset(); }

    unsigned const count = 2 * std::max(1U, std::thread::hardware_concurrency());
    std::optional<net::thread_pool> threads{std::in_place, count};
    asio_executor<net::thread_pool::executor_type> executor{threads->get_executor(), count};
};

}  // namespace

std::shared_ptr<executor> blocking_executor() {
    static auto const shared = std::make_shared<pool>();
    return std::shared_ptr<executor>(shared, &shared->executor);
}

}  // namespace frond
