#include "frond/run/blocking_executor.hpp"

#include "frond/asio/executor.hpp"

#include <algorithm>
#include <thread>

namespace frond {

namespace {

struct pool {
    unsigned const count = 2 * std::max(1U, std::thread::hardware_concurrency());
    net::thread_pool threads{count};
    asio_executor<net::thread_pool::executor_type> executor{threads.get_executor(), count};
};

}  // namespace

std::shared_ptr<executor> blocking_executor() {
    static auto const shared = std::make_shared<pool>();
    return std::shared_ptr<executor>(shared, &shared->executor);
}

}  // namespace frond
