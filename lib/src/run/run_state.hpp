// The life of a run: it begins, its tasks end, its hooks are given a grace, and it completes.
#pragma once

#include "frond/base/detail/calls.hpp"
#include "frond/run/run.hpp"
#include "instance.hpp"
#include "run_core.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace frond {

/// Thread: any, after `begin`.
class run_state final : public run_core {
public:
    /// Errors: throws std::bad_alloc.
    explicit run_state(std::shared_ptr<frond::plan const> what);
    ~run_state();

    /// Moves an argument in. Errors: throws what moving it throws.
    void give(run_argument const& argument);
    void give_default(std::size_t input);
    /// True for the first caller alone, which must then call `begin`.
    bool may_begin() noexcept { return !asked_to_begin_.test_and_set(std::memory_order_relaxed); }
    /// Errors: throws std::bad_alloc; then it has not begun.
    void begin(run_start start);
    /// No effect once no task is left.
    void cancel() noexcept;
    /// The executor is gone, see frond::abandon.
    void abandon() noexcept;
    frond::progress progress() const override;

    void tasks_ended() noexcept override;
    void observer_ended(bool awaited) noexcept override;

private:
    // A run goes through these stages in this order. It may leave out one or both of the graces.
    enum class stage : std::uint8_t {
        prepared,
        running,
        grace,         // no task is left, the counters are final; the hooks have time
        second_grace,  // they have been cancelled, and have time once more
        completing,
    };

    struct grace_alarm : alarm {
        explicit grace_alarm(run_state& state) noexcept
            : alarm([](work& self) noexcept {
                  auto const alive = std::exchange(static_cast<grace_alarm&>(self).keep, nullptr);
                  static_cast<run_state&>(*alive).end_grace();
              }),
              of(state) {}
        run_state& of;
        std::shared_ptr<run_core> keep;  // while it is set
    };

    bool step_to(stage next) noexcept;
    bool is_past(stage at) const noexcept { return stage_.load(std::memory_order_acquire) > at; }
    void run_tasks() noexcept;
    void tell_end() noexcept;
    void set_grace() noexcept;
    void end_grace() noexcept;
    void finish() noexcept;
    void complete() noexcept;
    void note_waiting() noexcept;
    void fill(run_report& report) const;

    std::shared_ptr<run_core> self_;  // while it runs
    instance* root_ = nullptr;
    std::atomic_flag asked_to_begin_;  // guards `begin` alone, so it orders nothing
    run_start start_;
    time_point started_{};
    time_point ended_at_{};  // the last task did
    calls<wakeable, &run_state::run_tasks> begin_{*this};
    calls<wakeable, &run_state::complete> complete_{*this};
    grace_alarm grace_over_;
    std::atomic<std::size_t> observers_left_{0};  // and one for the tasks
    std::atomic<std::size_t> awaited_left_{0};    // of these, the ones for which the run waits
    std::atomic<stage> stage_{stage::prepared};
    mutable std::mutex waiting_mutex_;
    std::vector<waiting_body> waiting_;  // when the run was cancelled
};

}  // namespace frond
