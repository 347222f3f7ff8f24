// A hook that checks the order of all it is told, and that it adds up.
#pragma once

#include "simulator.hpp"

#include "frond/run/hook.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace frond::simulation {

/// Of one run. Thread: one.
class event_order {
public:
    explicit event_order(simulator& world) noexcept : world_(world), coarse_(world.random().percent(50)) {}

    observer_policy policy() const noexcept { return coarse_ ? every().coarse_time() : every(); }

    void before_run(run_event const& told);
    void after_grouping(run_event const& told);
    void on_yield(yield_event const& told);
    void total_known(expansion_event const& told);
    void after_expansion(expansion_event const& told);
    void on_not_started(not_started_event const& told);
    void before_submission(task_event const& told);
    void before_task(task_event const& told);
    void before_node(node_event const& told);
    void after_node(node_event const& told);
    void after_task(task_event const& told);
    void after_return(task_event const& told);
    void after_run(run_event const& told);

    /// After the run: everything was told, and agrees with the last counters.
    void check_end(progress const& last);

    bool over() const noexcept { return after_runs_ == 1; }

private:
    using key = std::vector<std::uint64_t>;  // spec and indices

    struct told_task {
        bool submitted = true;
        bool begun = false;
        bool running = false;
        bool returned = false;
        time_point latest{};  // of its events
        task_state ended = task_state::running;
        std::size_t nodes_begun = 0;
        std::size_t nodes_ended = 0;
        // ---- of an expander
        std::vector<child_key> keys;            // of what it has yielded
        std::optional<std::uint64_t> promised;  // total_known
        std::optional<std::uint64_t> total;     // after_expansion
        std::set<std::uint64_t> not_started;
    };

    static key key_of(task_id const& id);
    told_task* find(task_id const& id);
    void check_inside();
    void check_task(task_event const& told);
    void check_node(node_event const& told, bool first);

    simulator& world_;
    bool const coarse_;
    std::map<key, told_task> tasks_;
    std::vector<counters> by_spec_;
    unsigned before_runs_ = 0;
    unsigned groupings_ = 0;
    unsigned after_runs_ = 0;
    std::uint64_t run_id_ = 0;
    std::uint64_t dropped_ = 0;
};

/// The same, told by coroutines that now and then take their time.
class slow_event_order {
public:
    slow_event_order(simulator& world, event_order& order) noexcept : world_(world), order_(order) {}

    async<void> before_run(run_event const& told);
    async<void> after_grouping(run_event const& told);
    async<void> on_yield(yield_event const& told);
    void total_known(expansion_event const& told) { order_.total_known(told); }
    async<void> after_expansion(expansion_event const& told);
    void on_not_started(not_started_event const& told) { order_.on_not_started(told); }
    void before_submission(task_event const& told) { order_.before_submission(told); }
    async<void> before_task(task_event const& told);
    async<void> before_node(node_event const& told);
    void after_node(node_event const& told) { order_.after_node(told); }
    async<void> after_task(task_event const& told);
    void after_return(task_event const& told) { order_.after_return(told); }
    async<void> after_run(run_event const& told);

private:
    async<void> rest();

    simulator& world_;
    event_order& order_;
};

}  // namespace frond::simulation
