// One run of a trace: turns what a hook is told into trace events, and remembers what is open.
//
// Invariants: (1) the slices of a lane are disjoint, but for those of nodes inside their task's; (2) what begins on a track
// of its own ends there, by `end` at the latest; (3) every arrow begins and ends inside a slice of a lane.
#pragma once

#include "frond/hooks/trace.hpp"
#include "memory_track.hpp"
#include "running_children.hpp"
#include "trace_instants.hpp"
#include "trace_process.hpp"
#include "trace_sampling.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

namespace frond::hooks::detail {

/// What the runs of a file share.
struct trace_shared {
    trace_file file;
    trace_options options;
    bool nodes;
    time_point zero{};  // once there was a run
    trace_numbers numbers{};
};

/// Thread: one call at a time.
class trace_run {
public:
    trace_run(trace_shared& shared, run_event const& begun);

    void not_started(not_started_event const& event);
    void before_task(task_event const& event);
    void before_node(node_event const& event);
    void retry(retry_event const& event);
    void after_node(node_event const& event);
    void after_task(task_event const& event);
    void end(run_event const& event);

private:
    using task_key = std::vector<std::uint64_t>;  // the spec, and the index of each level

    struct open_task;
    struct lane {
        std::uint64_t number = 0;
        trace_time free_from = 0;      // where its last slice ended
        open_task* current = nullptr;  // what began last, if nothing else has happened on the lane since
    };
    struct node_slice {
        std::size_t node;
        std::uint32_t attempt;
        trace_time began;
        std::optional<trace_time> ended{};
        task_state state = task_state::running;

        json_members members() const;
    };
    struct open_task {
        task_id id;
        lane* began_on;
        trace_time began;
        std::optional<std::uint64_t> apart{};  // the id of its slice on a track of its own
        std::vector<node_slice> nodes{};       // not written yet
    };
    /// Where arrows to an expander's children begin.
    struct origin {
        std::uint64_t lane;
        trace_time at;
    };

    trace_time since_zero(time_point at) const noexcept;
    lane& lane_of(std::thread::id thread);
    static task_key key_of(task_id const& id);
    open_task* find_open(task_id const& id);
    /// The task was suspended: it goes to a track of its own, and its lane gets a mark.
    void set_apart(open_task& task);
    void something_else_on(lane& where);
    void note_time(trace_time at);
    void write_slice(open_task const& task, json_members const& args, trace_time at);
    void write_arrow(open_task const& task);
    void write_ended_nodes(open_task& task);
    void write_nodes_on_lane(open_task const& task, trace_time until);
    void end_apart(open_task& task, trace_time at, json_members const& args);
    void write_rule();
    void write_summary(run_event const& event, trace_time at);

    trace_shared& shared_;
    std::shared_ptr<plan const> plan_;
    trace_time began_;
    trace_process process_;
    trace_sampling sampling_;
    running_children running_;
    memory_track memory_;
    trace_instants instants_;
    std::vector<json_text> names_;  // of the specs
    std::vector<json_text> nodes_;  // of the specs: the names of their nodes
    std::uint64_t run_slice_;
    std::unordered_map<std::thread::id, lane> lanes_;
    lane* last_lane_ = nullptr;
    std::thread::id last_thread_;
    std::map<task_key, open_task> open_;
    std::map<task_key, origin> origins_;
    trace_time latest_ = 0;
    trace_time next_flush_;
    std::uint64_t written_ = 0;   // tasks
    std::uint64_t left_out_ = 0;  // tasks
};

}  // namespace frond::hooks::detail
