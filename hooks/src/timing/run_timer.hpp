// Measures one run from its events.
//
// Events of one thread come in order, those of several a little mixed up; what is measured here depends on the order only
// where its header says so.
#pragma once

#include "activity_meter.hpp"
#include "duration_histogram.hpp"
#include "live_tree.hpp"
#include "open_table.hpp"
#include "plan_facts.hpp"
#include "slowest_tasks.hpp"
#include "task_sample.hpp"

#include "frond/hooks/run_timing.hpp"
#include "frond/run/event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace frond::hooks::detail {

class run_timer {
public:
    /// Begins with before_run.
    run_timer(run_event const& begun, std::size_t slowest);

    void yielded(yield_event const& event);
    void not_started(not_started_event const& event);
    void submitted(task_event const& event);
    void begun(task_event const& event);
    void ended(task_event const& event);

    /// What is known so far.
    run_timing timing() const;
    /// What is known in the end.
    run_timing timing(run_event const& after_run) const;

private:
    struct open_task {
        bool was_submitted = false;
        bool has_begun = false;
        time_point submitted{};
        time_point begun{};
        std::thread::id thread;
        yield_mark yielded;  // known of the first task of a child
    };
    struct spec_state {
        duration_histogram tasks;
        duration_histogram queued;
        std::uint64_t running = 0;
        std::uint64_t failed = 0;
        std::uint64_t timed_out = 0;
        std::uint64_t cancelled = 0;
        std::uint64_t untimed = 0;
        std::unique_ptr<activity_meter> activity;  // null: too many specs have one
        task_sample sample;
        expansion_timing expansion;  // of an expander
        collector_timing collector;  // of a collector
        open_task alone;             // a task outside of expansions is never forgotten
    };
    struct thread_state {
        std::thread::id id;
        std::uint64_t tasks = 0;
        duration busy{};
        activity_meter activity;
    };

    void see(time_point now) noexcept { latest_ = std::max(latest_, now); }
    open_task& put(task_id const& of);
    open_task take(task_id const& of);
    void count_end(spec_state& spec, task_state state) noexcept;
    void use_thread(task_event const& event, open_task const& open);
    void time_collector(task_event const& event, time_point from);
    thread_state* state_of(std::thread::id thread);
    void add_path(run_timing& to) const;

    std::shared_ptr<frond::plan const> plan_;
    plan_facts facts_;
    std::uint64_t run_id_;
    time_point start_;
    time_point latest_;
    std::vector<spec_state> specs_;
    std::size_t activities_ = 0;
    std::vector<std::unique_ptr<thread_state>> threads_;
    duration elsewhere_{};
    duration suspending_{};
    slowest_tasks slowest_;
    live_tree tree_;
    open_table<open_task> open_{std::size_t{1} << 18};
    open_table<yield_mark> waiting_{std::size_t{1} << 18};  // children that were yielded and have not begun
};

}  // namespace frond::hooks::detail
