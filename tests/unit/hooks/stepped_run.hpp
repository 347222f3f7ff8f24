// A run on the test's thread and by the test's clock: it goes on only when the test lets it.
#pragma once

#include "../base/by_hand.hpp"

#include "frond/run/run.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

/// Time passes when the test says so; whoever waits is woken on the way.
class stepped_clock final : public frond::clock {
public:
    frond::time_point now() const noexcept override { return now_; }
    void wait(frond::alarm& item) noexcept override { waiting_.push_back(&item); }
    bool cancel(frond::alarm& item) noexcept override { return std::erase(waiting_, &item) != 0; }

    void pass(frond::duration time, by_hand::executor& on) {
        frond::time_point const until = now_ + time;
        for (;;) {
            on.run();
            auto const next = std::min_element(waiting_.begin(), waiting_.end(),
                                               [](auto const* a, auto const* b) { return a->when < b->when; });
            if (next == waiting_.end() || (*next)->when > until) break;
            frond::alarm& due = **next;
            now_ = std::max(now_, due.when);
            waiting_.erase(next);
            due.on->post(due);
        }
        now_ = until;
        on.run();
    }

private:
    frond::time_point now_ = frond::time_point() + std::chrono::hours(1);
    std::vector<frond::alarm*> waiting_;
};

/// What bodies wait for, each with a number, until the test opens it.
class gates {
public:
    by_hand::event::awaiter wait(int which) { return events_[which].wait(); }
    void open(int which) { events_.at(which).fire(); }

private:
    std::map<int, by_hand::event> events_;
};

class stepped_run final : public frond::run_completion {
public:
    /// Begins, and goes as far as it can. The hooks outlive it.
    template <class... Hooks>
    explicit stepped_run(std::shared_ptr<frond::plan const> const& plan, Hooks&... hooks)
        : handle_(frond::prepare_run(plan, {}).value()) {
        std::vector<frond::any_hook> const told = {frond::any_hook(hooks)...};
        frond::run_start start;
        start.on = &on_;
        start.time = &clock_;
        start.hooks = told;
        start.completion = this;
        frond::begin(handle_, std::move(start));
        on_.run();
    }
    stepped_run(stepped_run const&) = delete;

    /// As far as it can go without the test, and until each display has had its turn.
    void settle(frond::duration time = std::chrono::seconds(20)) { clock_.pass(time, on_); }

    frond::progress progress() const { return handle_.progress(); }
    bool over() const noexcept { return over_; }
    std::optional<frond::error> const& failure() const noexcept { return failure_; }
    by_hand::executor& on() noexcept { return on_; }

private:
    void complete(frond::run_outcome& outcome) noexcept override {
        over_ = true;
        failure_ = outcome.failure;
    }

    by_hand::executor on_;
    stepped_clock clock_;
    frond::run_handle handle_;
    bool over_ = false;
    std::optional<frond::error> failure_;
};
