#include "frond/hooks/metrics.hpp"

#include "metric_labels.hpp"
#include "open_tasks.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace frond::hooks {

class duration_metrics::histograms {
public:
    histograms(std::shared_ptr<prometheus::Registry> registry, duration_metrics_options const& options)
        : registry_(std::move(registry)),
          labels_(options.plan()),
          buckets_(options.buckets()),
          durations_(prometheus::BuildHistogram()
                         .Name("frond_task_duration_seconds")
                         .Help("How long tasks take, by spec")
                         .Register(*registry_)),
          missed_(counter("frond_task_durations_missed_total", "Tasks that ended and whose beginning is not known")),
          dropped_(counter("frond_events_dropped_total", "Events that were not told of")) {}

    void begin(task_event const& event) {
        std::lock_guard const guard(mutex_);
        open_.begin(event);
    }

    void end(task_event const& event) {
        std::lock_guard const guard(mutex_);
        auto const took = open_.end(event);
        if (!took) {
            missed_.Increment();
            return;
        }
        of(event).Observe(std::chrono::duration<double>(*took).count());
    }

    void end(run_event const& event) {
        std::lock_guard const guard(mutex_);
        dropped_.Increment(static_cast<double>(event.events_dropped));
        open_.forget(event.run_id);
        by_spec_.erase(event.run_id);
        last_ = nullptr;
    }

private:
    prometheus::Counter& counter(char const* name, char const* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add(labels_.common());
    }

    // Found by its name once for each run: families look labels up.
    prometheus::Histogram& of(task_event const& event) {
        if (last_ == nullptr || last_run_ != event.run_id) {
            last_ = &by_spec_[event.run_id];
            last_run_ = event.run_id;
        }
        if (last_->size() <= event.id.spec) last_->resize(event.id.spec + 1);
        auto*& found = (*last_)[event.id.spec];
        if (found == nullptr) found = &durations_.Add(labels_.with("spec", event.id.of().name), buckets_);
        return *found;
    }

    using spec_histograms = std::vector<prometheus::Histogram*>;  // by spec; null until one of it has ended

    std::shared_ptr<prometheus::Registry> registry_;
    detail::metric_labels labels_;
    std::vector<double> buckets_;
    prometheus::Family<prometheus::Histogram>& durations_;
    prometheus::Counter& missed_;
    prometheus::Counter& dropped_;

    std::mutex mutex_;  // guards what follows: the calls of several runs come at once
    detail::open_tasks open_{65536};
    std::unordered_map<std::uint64_t, spec_histograms> by_spec_;  // by run_id
    spec_histograms* last_ = nullptr;                             // of last_run_, in by_spec_
    std::uint64_t last_run_ = 0;
};

duration_metrics::duration_metrics(std::shared_ptr<prometheus::Registry> registry,
                                   duration_metrics_options const& options)
    : bound_(options.bound()) {
    if (registry == nullptr) throw std::invalid_argument("frond: duration_metrics need a registry");
    histograms_ = std::make_unique<histograms>(std::move(registry), options);
}

duration_metrics::~duration_metrics() = default;

observer_policy duration_metrics::policy() const noexcept { return every(bound_); }

void duration_metrics::before_task(task_event const& event) { histograms_->begin(event); }

void duration_metrics::after_task(task_event const& event) { histograms_->end(event); }

void duration_metrics::after_run(run_event const& event) { histograms_->end(event); }

}  // namespace frond::hooks
