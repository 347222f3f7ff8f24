#include "frond/run/run_blocking.hpp"

#include "frond/asio/executor.hpp"

#include <algorithm>
#include <thread>
#include <vector>

namespace frond::detail {

void run_on_threads(prepared_run const& prepared, run_completion& completion, unsigned count) {
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
    net::io_context context(static_cast<int>(count));
    asio_executor executor(context.get_executor(), count);
    asio_clock clock(context.get_executor());
    run_start start;
    start.on = &executor;
    start.time = &clock;
    start.hooks = prepared.hooks;
    start.completion = &completion;
    start.wants_progress = false;
    begin(prepared.run, std::move(start));
    // The context runs out of work when the run is over: whatever it still waits for is work.
    std::vector<std::thread> others;
    try {
        for (unsigned i = 1; i < count; ++i) others.emplace_back([&context] { context.run(); });
    } catch (...) {
        // No more threads: those that are there run it.
    }
    context.run();
    for (auto& each : others) each.join();
}

}  // namespace frond::detail
