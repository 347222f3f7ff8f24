// Runs a plan of a graph built at run time on real threads, and waits for it.
#pragma once

#include "frond/asio/executor.hpp"
#include "frond/graph/graph_builder.hpp"
#include "frond/run/run.hpp"

#include <barrier>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stress {

/// What a run came to; its one output is a number.
class ending final : public frond::run_completion {
public:
    void complete(frond::run_outcome& outcome) noexcept override {
        if (outcome.failure) {
            failure = std::move(outcome.failure);
        } else {
            value = *static_cast<std::uint64_t const*>(outcome.outputs[0]);
        }
        progress = std::move(outcome.progress);
    }
    void released() noexcept override {
        // Notified inside: who is told may destroy this.
        std::lock_guard const guard(mutex_);
        ++times;
        came_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return times != 0; });
    }

    std::optional<frond::error> failure;
    std::uint64_t value = 0;
    frond::progress progress;
    unsigned times = 0;

private:
    std::mutex mutex_;
    std::condition_variable came_;
};

/// Threads that all are awake before the first run begins on them.
class crew {
public:
    explicit crew(unsigned threads)
        : awake_(static_cast<std::ptrdiff_t>(threads) + 1),
          pool_(threads),
          on_(pool_.get_executor(), threads),
          time_(pool_.get_executor()) {
        for (unsigned i = 0; i < threads; ++i) frond::net::post(pool_, [this] { awake_.arrive_and_wait(); });
        awake_.arrive_and_wait();
    }
    ~crew() {
        pool_.stop();
        pool_.join();
    }

    /// Begins a run of a plan without inputs.
    frond::run_handle begin(std::shared_ptr<frond::plan const> const& planned, ending& to,
                            std::vector<frond::any_hook> const& hooks = {}) {
        auto run = frond::prepare_run(planned, {}).value();
        begin(run, to, hooks);
        return run;
    }
    void begin(frond::run_handle const& run, frond::run_completion& to,
               std::vector<frond::any_hook> const& hooks = {}) {
        frond::run_start start;
        start.on = &on_;
        start.time = &time_;
        start.hooks = hooks;
        start.completion = &to;
        frond::begin(run, std::move(start));
    }

private:
    std::barrier<> awake_;  // outlives the threads that leave it
    frond::net::thread_pool pool_;
    frond::asio_executor<frond::net::thread_pool::executor_type> on_;
    frond::asio_clock time_;
};

inline std::shared_ptr<frond::plan const> plan_of(frond::graph_builder&& builder, std::string wanted,
                                                  std::uint32_t limit = 256) {
    frond::plan_options options;
    options.wanted = {std::move(wanted)};
    options.limit = limit;
    return frond::plan::make(std::move(builder).build().value(), std::move(options)).value();
}

/// Suspends, and goes on when one of the executor's threads comes to it.
class handed_over {
public:
    handed_over() noexcept : waking_(*this) {}

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        on_ = frame.promise().on;
        on_->suspend_at(frame);
        on_->home().post(waking_);
    }
    void await_resume() const {
        if (on_->cancel_requested()) throw frond::bad_result(frond::error::canceled());
    }

private:
    struct waking : frond::work {
        explicit waking(handed_over& of_awaiter) noexcept
            : work([](work& self) noexcept { static_cast<waking&>(self).of.on_->wake(); }), of(of_awaiter) {}
        handed_over& of;
    };

    frond::fiber* on_ = nullptr;
    waking waking_;
};

}  // namespace stress
