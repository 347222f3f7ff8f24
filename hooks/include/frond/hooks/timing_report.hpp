// Where the time of a run went: durations of tasks and their quantiles, the slowest children, the critical path, how busy
// the threads were, and what was waited for. Told as text, JSON or a page to open in a browser, once the run is over or
// while it goes on.
//
//     frond::hooks::timing_report report;
//     auto const result = frond::run_blocking<total>(report);
//     std::ofstream("timing.html") << report.html();
//
// Memory is bounded, whatever the number of children: see timing_options and frond/hooks/run_timing.hpp.
#pragma once

#include "frond/hooks/detail/option_check.hpp"
#include "frond/hooks/run_timing.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class timing_options {
public:
    timing_options() noexcept = default;

    /// How many of the slowest children are told; 1,000,000 at most.
    timing_options& slowest(std::size_t count) {
        slowest_ = detail::within("timing_options: slowest", count, 0, 1'000'000);
        return *this;
    }
    /// How many events may wait to be told, see frond::every.
    timing_options& bound(std::uint32_t events) noexcept {
        bound_ = events;
        return *this;
    }
    /// Misses nothing, and for that holds a run of very short tasks back, see frond::lossless.
    timing_options& lossless(bool yes = true) noexcept {
        lossless_ = yes;
        return *this;
    }
    /// How many runs that have ended are kept, 1 to 1,000,000; the oldest goes first.
    timing_options& keep_runs(std::size_t count) {
        keep_runs_ = detail::within("timing_options: keep_runs", count, 1, 1'000'000);
        return *this;
    }

    std::size_t slowest() const noexcept { return slowest_; }
    std::uint32_t bound() const noexcept { return bound_; }
    bool lossless() const noexcept { return lossless_; }
    std::size_t keep_runs() const noexcept { return keep_runs_; }

private:
    std::size_t slowest_ = 10;
    std::uint32_t bound_ = 65536;
    bool lossless_ = false;
    std::size_t keep_runs_ = 4;
};

/// The hook.
///
/// It remembers what has begun and not ended, or was yielded and has not begun: of each kind 262,144 at most. Where more
/// would be, which happens only if events are dropped or limits are set that high, the older half is forgotten, and counted as
/// `untimed` when it ends. Of children of several tasks it remembers the tasks that have ended, 16,384 children at most.
/// All else is bounded by the number of specs: histograms of 0.5 to 30 KiB, 4 KiB of activity, 128 tasks of the timeline.
/// Thread: any number of runs, at once too; results may be taken from any thread at any time.
class timing_report {
public:
    explicit timing_report(timing_options options = timing_options());
    timing_report(timing_report const&) = delete;
    timing_report& operator=(timing_report const&) = delete;
    ~timing_report();

    /// Of the run that began last; an empty one if none has.
    run_timing timing() const;
    /// None if that run is not known, or not any more.
    std::optional<run_timing> timing(std::uint64_t run_id) const;
    /// The runs that are known, in the order in which they began.
    std::vector<std::uint64_t> runs() const;

    /// Of the run that began last.
    std::string text() const { return to_text(timing()); }
    std::string json() const { return to_json(timing()); }
    std::string html() const { return to_html(timing()); }

    // ---- what a run tells
    observer_policy policy() const noexcept;
    void before_run(run_event const& event);
    void on_yield(yield_event const& event);
    void on_not_started(not_started_event const& event);
    void before_submission(task_event const& event);
    void before_task(task_event const& event);
    void after_task(task_event const& event);
    void after_run(run_event const& event);

private:
    class runs_seen;
    std::unique_ptr<runs_seen> runs_;
};

}  // namespace frond::hooks
