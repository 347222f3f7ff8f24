// What the process takes while runs go on: CPU, memory, threads, open files, beside what the runs have open; for displays,
// logs and traces.
//
// It reads /proc/self, as often as is asked for, and keeps a bounded series. It samples the runs' counters, so it costs the
// tasks nothing.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/progress.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class resources_options {
public:
    resources_options() noexcept = default;

    /// Between samples, longer than zero; a second unless set. The CPU time that the system tells has steps of 10 ms.
    resources_options& interval(time_span time) {
        interval_ = detail::longer_than_zero("resources_options: interval", time);
        return *this;
    }
    /// How many points the series has at most; 512 unless set, 2 to 1,000,000.
    resources_options& points(std::size_t most) {
        points_ = detail::within("resources_options: points", most, 2, 1'000'000);
        return *this;
    }

    duration interval() const noexcept { return interval_; }
    std::size_t points() const noexcept { return points_; }

private:
    duration interval_ = std::chrono::seconds(1);
    std::size_t points_ = 512;
};

/// One point of the series: of one sample, or of several that were put together. Then CPU times are sums, and what is a
/// state is the highest of them.
struct resource_point {
    time_point taken{};        // its end, on the steady clock, as in progress::taken
    duration span{};           // how long it covers; what is counted is counted since taken - span
    duration user{};           // CPU time of the whole process
    duration system{};         // in the kernel, on its behalf
    std::uint64_t memory = 0;  // resident, in bytes
    std::uint64_t threads = 0;
    std::uint64_t open_files = 0;
    std::uint64_t running = 0;  // tasks of all runs that go on, suspended ones too
    std::uint64_t queued = 0;   // tasks that wait for their turn

    /// How many cores were busy: 1.5 of them, say.
    double cores() const noexcept;
};

/// CPU time that is held to be a spec's.
struct resource_share {
    std::string spec;  // its name, as in `progress`
    duration cpu{};
};

/// Of all samples so far.
struct resource_summary {
    resource_point peak;  // the highest of each, taken where the last one was; of the CPU see peak_cores
    double peak_cores = 0;
    double mean_cores = 0;
    double mean_memory = 0;  // means over time
    double mean_threads = 0;
    double mean_open_files = 0;
    double mean_running = 0;
    double mean_queued = 0;
    duration span{};  // what the samples cover
    duration user{};
    duration system{};
    std::vector<resource_share> shares;  // in the order in which they were met; what is nobody's is not in it
};

/// "1.5 cores, 120.0 MiB, 9 threads, 14 files; 8 running, 240 queued"
std::string to_string(resource_point const& point);
/// "CPU 12.3 s (user 11.0, system 1.3), 1.5 cores, peak 2.0; memory 120.0 MiB, peak 160.0 MiB; threads 9, peak 9; files 14,
/// peak 20; CPU by spec: block-file 11.2 s, expand-file 0.8 s": one line, whatever the names are, of the eight specs that
/// took most.
std::string to_string(resource_summary const& summary);

/// The hook.
///
/// Samples: one at the beginning of a run, one an interval, one at its end. Where several runs go on, the sample of any of
/// them counts for all: a further one within half an interval only brings its run's counters up to date.
///
/// The series: when it is full, each point is put together with the next, and from then on twice as many samples make a
/// point. So it always covers all the time from the first sample on, by between half of `points` and all of them. Between
/// runs nothing is sampled: what the process does then is in no point.
///
/// Whose CPU time: what the process took between two samples is divided among the specs of the runs that go on, by how many
/// tasks of each were running, in the mean of both samples. Where none was, by how many ended in between; where there are
/// none of these either it is nobody's. That is an estimate: the system does not know of tasks, so a suspended task counts
/// as much as one that computes, and what else the process does is divided too. Specs of one name count as one; of more than
/// 1,000 names the later ones are counted as "other".
///
/// Thread: any; any number of runs, at once too.
class resources {
public:
    /// Errors: throws std::system_error that names the file where /proc/self cannot be read.
    explicit resources(resources_options options = resources_options());
    resources(resources const&) = delete;
    resources& operator=(resources const&) = delete;
    ~resources();

    /// The last sample; none before the first one that covers some time.
    std::optional<resource_point> current() const;
    /// The whole series, the oldest point first.
    std::vector<resource_point> series() const;
    resource_summary summary() const;

    observer_policy policy() const noexcept;
    /// Errors: throws std::system_error that names the file which could not be read; nothing is sampled then.
    void before_run(run_event const& event);
    void on_sample(progress const& sample);
    void after_run(run_event const& event);

private:
    class meter;
    duration interval_;
    std::unique_ptr<meter> meter_;
};

}  // namespace frond::hooks
