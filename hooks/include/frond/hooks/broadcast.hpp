// A run's progress for any number of subscribers, each an asynchronous stream of JSON: what a service puts behind its own
// server, as server-sent events for instance.
//
// A slow subscriber loses states in between, never the last one, and holds up neither a run nor another subscriber. It
// samples the runs' counters, so it costs the tasks nothing.
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/progress.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace frond::hooks {

/// Errors: each throws std::invalid_argument, which names the option, for a value that it does not take.
class broadcast_options {
public:
    broadcast_options() noexcept = default;

    /// Between the states of a run that are told, longer than zero; 100 ms unless set.
    broadcast_options& interval(time_span time) {
        interval_ = detail::longer_than_zero("broadcast_options: interval", time);
        return *this;
    }
    /// How many ended runs, the latest, are kept for subscribers that have not been told of their end; 16 unless set, 1
    /// to 1,000,000. A new subscriber is told of them too.
    broadcast_options& ended_runs(std::size_t most) {
        ended_runs_ = detail::within("broadcast_options: ended_runs", most, 1, 1'000'000);
        return *this;
    }

    duration interval() const noexcept { return interval_; }
    std::size_t ended_runs() const noexcept { return ended_runs_; }

private:
    duration interval_ = std::chrono::milliseconds(100);
    std::size_t ended_runs_ = 16;
};

namespace detail {
class board;
class subscription;
}  // namespace detail

/// The hook, and what one subscribes to.
///
///     frond::async<void> events(frond::hooks::broadcast& board, connection& to) {
///         auto subscriber = board.subscribe();
///         while (auto update = co_await subscriber.next()) co_await to.send_event(*update);
///     }
///
/// An update is a JSON object in one line of ASCII, with < > and & escaped. The first one of each run is full:
///
///     {"run_id":7,"type":"full","elapsed_ms":412,"ended":false,"failures_total":1,"retries":0,
///      "specs":[{"index":0,"name":"expand-file","purpose":"expand","expansion":null,
///                "tasks":{"yielded":1,"queued":0,"running":1,"succeeded":0,"failed":0,"cancelled":0,"skipped":0,
///                         "timed_out":0}}, ...],
///      "expansions":[{"index":0,"name":"file","parent":null,"depth":1,"total":null,"children":{"yielded":40, ...}}, ...],
///      "failures":[{"task":"expand-file.3.block-file","node":"words","code":"a node failed","message":"no luck"}],
///      "bodies":[{"task":"expand-file.9.block-file","done":3,"of":10}],
///      "waiting":[{"task":"expand-file.4.block-file","since_ms":220}]}
///
/// Each later one is a change against what this subscriber was told last:
///
///     {"run_id":7,"type":"change","elapsed_ms":512,"ended":false,"failures_total":1,"retries":0,
///      "specs":[{"index":1,"tasks":{"yielded":80, ...}}],
///      "expansions":[{"index":0,"total":80,"children":{"yielded":80, ...}}],
///      "failures":[]}
///
/// What stands beside type takes the place of what was told before. So does what an entry of specs or expansions has in
/// the entry of that index; what is not there has not changed. Failures are added to those told before: the first ones of
/// the run are told, failures_total counts them all; one that a collector takes as a value is in the counters alone.
/// bodies and waiting, where they are there, are the whole lists. waiting has bodies that have waited for more than ten
/// seconds for something outside the run, the longest first, as far as progress::waiting has them.
/// The total of an expansion is null while it is not known, `expansion` and
/// `parent` are indices into expansions, null outside any. elapsed_ms counts from when the run was handed to its executor.
/// Texts are cut at 4,096 bytes.
///
/// The last update of a run has "ended":true, "outcome":"succeeded", "failed" or "cancelled", and "failure": null, or an
/// object like those in failures; its counters are exact. Where only time has passed nothing is told.
///
/// Memory: the last state of each run that goes on and of `ended_runs` others; for each subscriber those that it was told
/// last. A subscriber that is further behind than that is not told how the older runs ended.
/// Thread: any, at the same time; any number of runs, at once too.
class broadcast {
public:
    /// Thread: `next` one at a time, from any thread; it may go on while the subscriber is destroyed, and while the
    /// broadcast is.
    class subscriber {
    public:
        /// The next update, as soon as there is one; of several runs in turns. None once the broadcast is closed and all
        /// has been told.
        ///
        /// An asio::awaitable awaits it as a result: `co_await frond::spawn(executor, subscriber.next(), asio::use_awaitable)`
        /// with <frond/asio.hpp>; a plain thread by asio::use_future, of <asio/use_future.hpp>, in its place.
        /// Errors: throws bad_result (operation_canceled) when what awaits it is cancelled, even where an update waits;
        /// that update is the next one then.
        async<std::optional<std::string>> next();

    private:
        friend broadcast;
        explicit subscriber(std::shared_ptr<detail::subscription> mine) noexcept;

        std::shared_ptr<detail::subscription> mine_;
    };

    explicit broadcast(broadcast_options options = broadcast_options());
    broadcast(broadcast const&) = delete;
    broadcast& operator=(broadcast const&) = delete;
    /// Closes it. Like any hook it outlives the runs that it is handed to.
    ~broadcast();

    subscriber subscribe();
    /// Nothing more will be told: `next` gives what has not been told yet, then none.
    void close() noexcept;

    observer_policy policy() const noexcept;
    void on_sample(progress const& sample);
    void after_run(run_event const& event);

private:
    broadcast_options options_;
    std::shared_ptr<detail::board> board_;
};

}  // namespace frond::hooks
