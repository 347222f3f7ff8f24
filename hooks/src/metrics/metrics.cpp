#include "frond/hooks/metrics.hpp"

#include "metric_labels.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace frond::hooks {

namespace {

struct ending {
    char const* name;
    std::uint64_t counters::* count;
};
constexpr std::array<ending, 5> endings = {{{"succeeded", &counters::succeeded},
                                            {"failed", &counters::failed},
                                            {"cancelled", &counters::cancelled},
                                            {"skipped", &counters::skipped},
                                            {"timed_out", &counters::timed_out}}};

/// What a run has added so far to a gauge that all runs share.
struct share {
    prometheus::Gauge* of;
    double added = 0;

    void set(std::uint64_t count) {
        auto const now = static_cast<double>(count);
        of->Increment(now - added);
        added = now;
    }
};

/// The same of a counter.
struct growth {
    prometheus::Counter* of;
    std::uint64_t added = 0;

    void set(std::uint64_t count) {
        if (count <= added) return;
        of->Increment(static_cast<double>(count - added));
        added = count;
    }
};

}  // namespace

class metrics::series {
public:
    series(std::shared_ptr<prometheus::Registry> registry, std::string const& plan)
        : registry_(std::move(registry)),
          labels_(plan),
          tasks_(counters_of("frond_tasks_total", "Tasks that ended, by spec and state")),
          tasks_running_(gauges_of("frond_tasks_running", "Tasks that have begun and not ended, by spec")),
          tasks_queued_(gauges_of("frond_tasks_queued", "Tasks that wait for their turn, by spec")),
          children_running_(gauges_of("frond_children_running", "Children that have begun and not ended, by expander")),
          children_queued_(gauges_of("frond_children_queued", "Children that wait for their turn, by expander")),
          runs_(counters_of("frond_runs_total", "Runs that ended, by outcome")),
          retries_(counters_of("frond_retries_total", "Attempts that failed and were followed by another")
                       .Add(labels_.common())),
          running_(gauges_of("frond_runs_running", "Runs that have begun and not ended").Add(labels_.common())) {}

    void begin(run_event const& event) {
        std::lock_guard const guard(mutex_);
        run_of(event.run_id);
    }

    void update(progress const& sample) {
        std::lock_guard const guard(mutex_);
        update(run_of(sample.run_id), sample);
    }

    void end(run_event const& event) {
        std::lock_guard const guard(mutex_);
        run& of = run_of(event.run_id);
        if (event.progress) update(of, *event.progress);
        // Gauges are of runs that go on.
        for (auto& each : of.specs) each.leave();
        for (auto& each : of.expansions) each.leave();
        of.going_on.set(0);
        runs_
            .Add(labels_.with("outcome", !event.failure                 ? "succeeded"
                                         : event.failure->is_canceled() ? "cancelled"
                                                                        : "failed"))
            .Increment();
        going_on_.erase(event.run_id);
    }

private:
    struct level {
        share running;
        share queued;

        void set(counters const& now) {
            running.set(now.running);
            queued.set(now.queued());
        }
        void leave() {
            running.set(0);
            queued.set(0);
        }
    };
    struct spec_level : level {
        std::array<growth, endings.size()> ended;
    };
    struct run {
        share going_on;
        growth retries;
        std::vector<spec_level> specs;
        std::vector<level> expansions;
    };

    prometheus::Family<prometheus::Counter>& counters_of(char const* name, char const* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_);
    }
    prometheus::Family<prometheus::Gauge>& gauges_of(char const* name, char const* help) {
        return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_);
    }

    run& run_of(std::uint64_t id) {
        auto const [at, is_new] = going_on_.try_emplace(id, run{{&running_}, {&retries_}, {}, {}});
        if (is_new) at->second.going_on.set(1);
        return at->second;
    }

    spec_level made_for(spec_progress const& spec) {
        auto const labels = labels_.with("spec", spec.name);
        spec_level made{{{&tasks_running_.Add(labels)}, {&tasks_queued_.Add(labels)}}, {}};
        for (std::size_t i = 0; i < endings.size(); ++i) {
            made.ended[i].of = &tasks_.Add(labels_.with("spec", spec.name, "state", endings[i].name));
        }
        return made;
    }
    level made_for(expansion_progress const& expansion) {
        auto const labels = labels_.with("expander", expansion.name);
        return {{&children_running_.Add(labels)}, {&children_queued_.Add(labels)}};
    }

    // What is of one spec is found by its name once for each run.
    void update(run& of, progress const& now) {
        while (of.specs.size() < now.specs.size()) of.specs.push_back(made_for(now.specs[of.specs.size()]));
        while (of.expansions.size() < now.expansions.size()) {
            of.expansions.push_back(made_for(now.expansions[of.expansions.size()]));
        }
        for (std::size_t i = 0; i < now.specs.size(); ++i) {
            counters const& tasks = now.specs[i].tasks;
            of.specs[i].set(tasks);
            for (std::size_t k = 0; k < endings.size(); ++k) of.specs[i].ended[k].set(tasks.*endings[k].count);
        }
        for (std::size_t i = 0; i < now.expansions.size(); ++i) of.expansions[i].set(now.expansions[i].children);
        of.retries.set(now.retries);
    }

    std::shared_ptr<prometheus::Registry> registry_;
    detail::metric_labels labels_;
    prometheus::Family<prometheus::Counter>& tasks_;
    prometheus::Family<prometheus::Gauge>& tasks_running_;
    prometheus::Family<prometheus::Gauge>& tasks_queued_;
    prometheus::Family<prometheus::Gauge>& children_running_;
    prometheus::Family<prometheus::Gauge>& children_queued_;
    prometheus::Family<prometheus::Counter>& runs_;
    prometheus::Counter& retries_;
    prometheus::Gauge& running_;

    std::mutex mutex_;  // guards what follows: the calls of several runs come at once
    std::unordered_map<std::uint64_t, run> going_on_;
};

metrics::metrics(std::shared_ptr<prometheus::Registry> registry, metrics_options const& options)
    : interval_(options.interval()) {
    if (registry == nullptr) throw std::invalid_argument("frond: metrics need a registry");
    series_ = std::make_unique<series>(std::move(registry), options.plan());
}

metrics::~metrics() = default;

observer_policy metrics::policy() const noexcept { return latest(interval_); }

void metrics::before_run(run_event const& event) { series_->begin(event); }

void metrics::on_sample(progress const& sample) { series_->update(sample); }

void metrics::after_run(run_event const& event) { series_->end(event); }

}  // namespace frond::hooks
