// The threads that run one io_context together: the caller's, and helpers that sleep between rounds.
#pragma once

#include <asio/io_context.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace bench {

/// Thread: all members are called by the thread that made it.
class crew {
public:
    explicit crew(unsigned threads) : context_(static_cast<int>(threads)) {
        for (unsigned i = 1; i < threads; ++i) helpers_.emplace_back([this] { help(); });
    }
    ~crew() {
        leaving_ = true;
        open();
        for (std::thread& each : helpers_) each.join();
    }
    crew(crew const&) = delete;
    crew& operator=(crew const&) = delete;

    asio::io_context& context() noexcept { return context_; }

    /// Runs, on all threads, what has been posted and all that comes of it. A helper that wakes too late for the round
    /// is not waited for.
    void run() {
        if (helpers_.empty()) {
            context_.run();
        } else {
            open();
            context_.run();
            round_.fetch_add(1);
            while (inside_.load() != 0) std::this_thread::yield();
        }
        context_.restart();
    }

private:
    void open() {
        round_.fetch_add(1);
        round_.notify_all();
    }

    void help() {
        for (unsigned seen = 0;;) {
            round_.wait(seen);
            inside_.fetch_add(1);
            // Read after the helper can be seen inside: a caller that closes the round waits for it, or is seen here.
            seen = round_.load();
            if (leaving_.load()) return;
            if (seen % 2 != 0) context_.run();
            inside_.fetch_sub(1);
        }
    }

    asio::io_context context_;
    std::atomic<unsigned> round_{0};   // odd: open to helpers. Sequentially consistent with `inside_`, as said there.
    std::atomic<unsigned> inside_{0};  // helpers that may be in the context
    std::atomic<bool> leaving_{false};
    std::vector<std::thread> helpers_;
};

}  // namespace bench
