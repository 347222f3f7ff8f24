// What the observers of a run need of it: a narrow view, so that observers can be made in a test without a run.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/executor.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace frond {

/// Thread: any, once the run has begun.
class observed_run {
public:
    observed_run(observed_run const&) = delete;
    observed_run& operator=(observed_run const&) = delete;

    std::shared_ptr<frond::plan const> const plan;
    std::uint64_t const id;

    virtual executor& on() const noexcept = 0;
    virtual clock& time() const noexcept = 0;
    /// While it is held, the run lives, and with it its executor, its clock and its observers.
    virtual std::shared_ptr<void> keep() noexcept = 0;
    /// Errors: throws std::bad_alloc.
    virtual frond::progress progress() const = 0;
    /// The counters of the tasks of one spec.
    virtual counters counted(std::uint32_t spec) const noexcept = 0;
    /// True once nothing new is to start, because the run was cancelled or has failed.
    virtual bool cancelled() const noexcept = 0;
    /// An observer has told all that it had to. `awaited`: the run waits for it. The run may complete inside.
    virtual void observer_ended(bool awaited) noexcept = 0;

protected:
    observed_run(std::shared_ptr<frond::plan const> what, std::uint64_t number) noexcept
        : plan(std::move(what)), id(number) {}
    ~observed_run() = default;
};

}  // namespace frond
