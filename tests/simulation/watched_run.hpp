// A run of some children, whose hooks are what is tested; and a wait that never ends by itself, for hooks that hang.
#pragma once

#include "seeds.hpp"

#include "frond/run/run.hpp"

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace frond::simulation {

/// Until somebody interrupts it.
class forever {
public:
    forever() noexcept : interrupt_(*this) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        on_ = frame.promise().on;
        on_->suspend_at(frame);
        on_->interruptible(interrupt_);
    }
    void await_resume() const { throw bad_result(error::canceled()); }

private:
    struct interrupting : fiber::interrupt {
        explicit interrupting(forever& owner) noexcept
            : fiber::interrupt(
                  [](fiber::interrupt& self) noexcept { static_cast<interrupting&>(self).of.on_->wake(); }),
              of(owner) {}
        forever& of;
    };
    fiber* on_ = nullptr;
    interrupting interrupt_;
};

/// Children are numbers, some of which rest; their sum is collected by one that says when it was done.
class watched_run final : public run_completion {
public:
    /// Changes the plan's options.
    using adjustment = std::function<void(plan_options&)>;

    watched_run(simulator& world, duration grace, adjustment const& adjust = {});

    std::uint64_t children() const noexcept { return children_; }
    /// Its collector has ended.
    bool done() const noexcept { return done_.has_value(); }
    bool over() const noexcept { return over_.has_value(); }
    time_point over_at() const { return *over_; }
    /// From its collector's end to its own.
    duration waited() const { return *over_ - *done_; }
    std::optional<error> const& failure() const noexcept { return failure_; }
    std::uint64_t sum() const noexcept { return sum_; }
    std::uint64_t right_sum() const noexcept { return children_ == 0 ? 0 : children_ * (children_ - 1) / 2; }
    run_report report;
    /// What the children do instead of giving their number.
    std::function<async<std::uint64_t>(std::uint64_t)> body;

    void begin(std::vector<any_hook> const& hooks, bool awaits_all = true);
    void cancel() { handle_.cancel(); }
    /// Begins it, waits for its end, and expects the right sum.
    void play(any_hook const& hook);

private:
    void complete(run_outcome& outcome) noexcept override;

    simulator& world_;
    duration grace_;
    std::uint64_t children_;
    std::shared_ptr<plan const> plan_;
    run_handle handle_;
    std::optional<time_point> done_;
    std::optional<time_point> over_;
    std::optional<error> failure_;
    std::uint64_t sum_ = 0;
};

/// Plays a scenario with many seeds.
void play(duration grace, void (*scenario)(simulator&, watched_run&), watched_run::adjustment const& adjust = {});

}  // namespace frond::simulation
