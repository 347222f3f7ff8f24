// What the tests of observers stand on: a clock that the test moves, and what observers see of a run, without one.
#pragma once

#include "../base/by_hand.hpp"
#include "run/observed_run.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace by_hand {

/// Stands still until the test lets time pass.
class clock final : public frond::clock {
public:
    frond::time_point now() const noexcept override { return now_; }
    void wait(frond::alarm& item) noexcept override { waiting_.push_back(&item); }
    bool cancel(frond::alarm& item) noexcept override { return std::erase(waiting_, &item) != 0; }

    /// Hands what is due then to its executor, in the order in which it was set.
    void pass(frond::duration time) {
        now_ += time;
        std::vector<frond::alarm*> come, later;
        for (frond::alarm* const each : waiting_) (each->when > now_ ? later : come).push_back(each);
        waiting_ = std::move(later);
        for (frond::alarm* const each : come) each->on->post(*each);
    }
    std::size_t waiting() const noexcept { return waiting_.size(); }

private:
    frond::time_point now_{std::chrono::hours(1)};
    std::vector<frond::alarm*> waiting_;
};

/// A run with a task "root" (spec 0), an expander "expand-file" (1) and its children's task "block-file" (2).
class observed_run final : public frond::observed_run {
public:
    explicit observed_run(std::uint64_t number = 7) : frond::observed_run(made_plan(), number) {}

    frond::executor& on() const noexcept override { return home; }
    frond::clock& time() const noexcept override { return hours; }
    std::shared_ptr<void> keep() noexcept override {
        auto owner = owned_by.lock();
        return owner != nullptr ? owner : alive_;
    }
    frond::progress progress() const override {
        frond::progress made;
        made.run_id = id;
        made.taken = hours.now();
        return made;
    }
    frond::counters counted(std::uint32_t spec) const noexcept override {
        frond::counters made;
        made.yielded = 100 + spec;
        return made;
    }
    bool cancelled() const noexcept override { return is_cancelled; }
    void observer_ended(bool awaited) noexcept override { ++(awaited ? ended_awaited : ended_others); }

    /// True if a coroutine or an alarm keeps the run alive.
    bool kept() const noexcept { return alive_.use_count() > 1; }

    std::shared_ptr<executor> const place = std::make_shared<executor>();  // may outlive the run
    executor& home = *place;
    mutable clock hours;
    std::weak_ptr<void> owned_by;  // what keeps the run alive; if there is none, the test does
    bool is_cancelled = false;
    int ended_awaited = 0;
    int ended_others = 0;

private:
    static std::shared_ptr<frond::plan const> made_plan() {
        auto const spec = [](char const* name, frond::purpose why, std::size_t scope) {
            frond::task_spec made;
            made.name = name;
            made.purpose = why;
            made.scope = scope;
            return made;
        };
        auto made = std::make_shared<frond::plan>();
        made->specs.push_back(spec("root", frond::purpose::execute_single, 0));
        made->specs.push_back(spec("expand-file", frond::purpose::expand, 0));
        made->specs.push_back(spec("block-file", frond::purpose::execute_block, 1));
        made->scopes.resize(2);
        made->scopes[1].expand_spec = 1;
        made->scopes[1].depth = 1;
        made->scopes[1].specs = {2};
        return made;
    }

    std::shared_ptr<void> alive_ = std::make_shared<int>();
};

}  // namespace by_hand
