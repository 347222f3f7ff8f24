// frond's trivial fan-out with hooks: what it costs to be looked at.
#include "crew.hpp"
#include "frond_fan_out.hpp"
#include "series.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>
#include <frond/hooks/event_log.hpp>
#include <frond/hooks/trace.hpp>

#include <asio/bind_executor.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace {

/// Looks at the run's counters ten times a second, as a display does.
struct latest {
    std::uint64_t seen = 0;

    frond::observer_policy policy() const noexcept { return frond::latest(std::chrono::milliseconds(100)); }
    void on_sample(frond::progress const& sample) { seen += sample.expansions.front().children.succeeded; }
};

/// Counts what begins and what ends.
struct counts {
    std::uint64_t begun = 0;
    std::uint64_t ended = 0;

    frond::observer_policy policy() const noexcept { return frond::every().coarse_time(); }
    void before_task(frond::task_event const&) { ++begun; }
    void after_task(frond::task_event const&) { ++ended; }
};

/// The same, and wants the time of each.
struct timed_counts : counts {
    frond::observer_policy policy() const noexcept { return frond::every(); }
};

/// The same, and is told of all.
struct lossless_counts : counts {
    frond::observer_policy policy() const noexcept { return frond::lossless().coarse_time(); }
};

/// What a contender is made of: `hook` is what its runs are given.
struct no_hook {};
template <class Hook>
struct plain {
    Hook hook;
};

/// A hook that writes to a file, which goes with it. No file is kept beside the one that is written.
class scratch_file {
public:
    scratch_file() : path_(std::filesystem::temp_directory_path() / ("frond-benchmark-" + std::to_string(getpid()))) {}
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;

    std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};
struct event_log {
    scratch_file file;
    frond::hooks::event_log hook{file.path(), frond::hooks::event_log_options().rotate_at(100'000'000).keep(0)};
};
struct lossless_event_log {
    scratch_file file;
    frond::hooks::event_log hook{
        file.path(), frond::hooks::event_log_options().rotate_at(100'000'000).keep(0).policy(frond::lossless())};
};
struct trace {
    scratch_file file;
    frond::hooks::trace hook{file.path()};
};

/// The trivial fan-out on an io_context.
template <class With>
class hooked {
public:
    hooked(std::size_t number, unsigned threads) : number_(number), all_(threads) {}

    std::uint64_t operator()() {
        std::uint64_t sum = 0;
        auto ended = asio::bind_executor(all_.context(), [&sum](frond::result<std::uint64_t> outcome) {
            if (outcome) sum = outcome.value();
        });
        frond::run_report report;
        if constexpr (requires { with_.hook; }) {
            plan_.async_run(frond::arg<"children">(number_), with_.hook, report, std::move(ended));
        } else {
            plan_.async_run(frond::arg<"children">(number_), report, std::move(ended));
        }
        all_.run();
        for (auto const& hook : report.hooks) dropped_ += hook.events_dropped;
        return sum;
    }

    /// Events of a round that the hook was not told of: one that cannot keep up is not waited for unless it is lossless.
    void tell(benchmark::State& state) const {
        state.counters["dropped"] =
            benchmark::Counter(static_cast<double>(dropped_), benchmark::Counter::kAvgIterations);
    }

private:
    std::uint64_t number_;
    bench::crew all_;
    decltype(frond::plan_for<bench::fan_out_graph::sum>()) plan_ = frond::plan_for<bench::fan_out_graph::sum>();
    With with_;
    std::uint64_t dropped_ = 0;
};

bool const added = bench::add<hooked<no_hook>>(bench::hooked, "none") &&
                   bench::add<hooked<plain<latest>>>(bench::hooked, "latest") &&
                   bench::add<hooked<plain<counts>>>(bench::hooked, "every") &&
                   bench::add<hooked<plain<timed_counts>>>(bench::hooked, "every_timed") &&
                   bench::add<hooked<plain<lossless_counts>>>(bench::hooked, "lossless") &&
                   bench::add<hooked<event_log>>(bench::hooked, "event_log") &&
                   bench::add<hooked<lossless_event_log>>(bench::hooked, "event_log_lossless") &&
                   bench::add<hooked<trace>>(bench::hooked, "trace");

}  // namespace
