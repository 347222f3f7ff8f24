// A run's counters, and how long its tasks take, for Prometheus: through prometheus-cpp, where frond was built with it.
//
// What is labelled are plans and specs, never a child, so there are as many series after 10^7 children as after one. Both
// hooks may share a registry with each other and with anything else. Names are labels in their printable form.
// Thread: any; any number of runs, at once too. The registry may be collected from at any time.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/progress.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prometheus {
class Registry;  // NOLINT(readability-identifier-naming): its own name
}

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class metrics_options {
public:
    metrics_options() = default;

    /// Says which plan the runs are of, by a label `plan`; without it there is no such label.
    metrics_options& plan(std::string name) {
        plan_ = std::move(name);
        return *this;
    }
    /// How old the counters may be while a run goes on, longer than zero; a second unless set.
    metrics_options& interval(time_span time) {
        interval_ = detail::longer_than_zero("metrics_options: interval", time);
        return *this;
    }

    std::string const& plan() const noexcept { return plan_; }
    duration interval() const noexcept { return interval_; }

private:
    std::string plan_;
    duration interval_ = std::chrono::seconds(1);
};

/// Counters and gauges, from samples: they cost the tasks nothing, and are exact once a run has ended.
///
///     frond_tasks_total{spec,state}    tasks that ended; state: succeeded, failed, cancelled, skipped, timed_out
///     frond_tasks_running{spec}        tasks that have begun and not ended, suspended ones too
///     frond_tasks_queued{spec}         tasks that wait for their turn
///     frond_children_running{expander} the same for the children of each expander
///     frond_children_queued{expander}
///     frond_retries_total              attempts that failed and were followed by another
///     frond_runs_total{outcome}        succeeded, failed, cancelled
///     frond_runs_running
class metrics {
public:
    /// Errors: throws std::invalid_argument where the registry is null.
    explicit metrics(std::shared_ptr<prometheus::Registry> registry,
                     metrics_options const& options = metrics_options());
    metrics(metrics const&) = delete;
    metrics& operator=(metrics const&) = delete;
    ~metrics();

    observer_policy policy() const noexcept;
    void before_run(run_event const& event);
    void on_sample(progress const& sample);
    void after_run(run_event const& event);

private:
    class series;
    duration interval_;
    std::unique_ptr<series> series_;
};

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class duration_metrics_options {
public:
    duration_metrics_options() = default;

    /// See metrics_options.
    duration_metrics_options& plan(std::string name) {
        plan_ = std::move(name);
        return *this;
    }
    /// The upper bounds of the histograms' buckets, in seconds: at least one, positive and finite, each once, ascending. 100 µs
    /// to 10 minutes unless set. The first one that makes the histogram of a spec in a registry decides.
    duration_metrics_options& buckets(std::vector<double> bounds) {
        buckets_ = detail::ascending("duration_metrics_options: buckets", std::move(bounds));
        return *this;
    }
    /// How many events may wait to be told; the oldest go, counted. See frond::every.
    duration_metrics_options& bound(std::uint32_t most) noexcept {
        bound_ = most;
        return *this;
    }

    std::string const& plan() const noexcept { return plan_; }
    std::vector<double> const& buckets() const noexcept { return buckets_; }
    std::uint32_t bound() const noexcept { return bound_; }

private:
    std::string plan_;
    std::vector<double> buckets_ = {1e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1, 5, 10, 60, 600};
    std::uint32_t bound_ = 65536;
};

/// How long tasks take, from their beginning to their end, whatever they wait for in between.
///
///     frond_task_duration_seconds{spec}       a histogram
///     frond_task_durations_missed_total       tasks whose end was told, and whose beginning was not or is forgotten
///     frond_events_dropped_total              events that this hook was not told, for it did not keep up
///
/// It is told of each task, which costs: some 230 ns for each child of one short function, which takes 13 ns without any hook
/// and 22 ns with `metrics` (10^6 children, g++ 12 -O2, one thread of an x86-64). So it is a hook of its own: a run of tasks
/// that take microseconds is better given `metrics` alone. Where it does not keep up, the histograms are of those tasks
/// that it was told of.
/// Memory: a hundred bytes for each task that has begun and not ended, for 65,536 of them at most; of more than that some are
/// missed.
class duration_metrics {
public:
    /// Errors: throws std::invalid_argument where the registry is null.
    explicit duration_metrics(std::shared_ptr<prometheus::Registry> registry,
                              duration_metrics_options const& options = duration_metrics_options());
    duration_metrics(duration_metrics const&) = delete;
    duration_metrics& operator=(duration_metrics const&) = delete;
    ~duration_metrics();

    observer_policy policy() const noexcept;
    void before_task(task_event const& event);
    void after_task(task_event const& event);
    void after_run(run_event const& event);

private:
    class histograms;
    std::uint32_t bound_;
    std::unique_ptr<histograms> histograms_;
};

}  // namespace frond::hooks
