// What the log says of the events of one run: each function appends one object.
//
// A text from outside may be of any length, so it is told in full once: names in after_grouping, a key in its child's on_yield, a
// task's error in the line of its attempt or its end. Other lines have its beginning.
//
// The frequent lines are put together from pieces that are kept, since the tasks of a spec tell mostly of the same place in
// the tree. Memory: by the run's specs and threads. Thread: one at a time.
#pragma once

#include "frond/run/event.hpp"
#include "json_writer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace frond::hooks::detail {

class run_lines {
public:
    /// Times are told since `zero`.
    run_lines(std::uint64_t run_id, std::shared_ptr<frond::plan const> plan, time_point zero);

    std::uint64_t run_id() const noexcept { return run_id_; }

    void before_run(json_writer& to, run_event const& event) const;
    void after_grouping(json_writer& to, run_event const& event) const;
    void on_yield(json_writer& to, yield_event const& event);
    void expansion(json_writer& to, std::string_view moment, expansion_event const& event);
    void on_not_started(json_writer& to, not_started_event const& event);
    void on_stream_growth(json_writer& to, stream_growth_event const& event);
    void task(json_writer& to, std::string_view moment, task_event const& event);
    void node(json_writer& to, std::string_view moment, node_event const& event);
    void on_progress(json_writer& to, progress_event const& event);
    void on_retry(json_writer& to, retry_event const& event);
    /// Of events that the hook was not told of.
    void gap(json_writer& to, run_event const& event) const;
    void after_run(json_writer& to, run_event const& event) const;

private:
    /// The text of a spec's ids, but for the child's index and key; right as long as these are inside the same children.
    struct known_place {
        std::shared_ptr<child_path const> enclosing;
        bool known = false;
        std::string head;     // "expand-file.3.expand-block."
        std::string tail;     // ".block-line"
        std::string indices;  // "3,"
    };

    void begin(json_writer& to, std::string_view moment, time_point time) const;
    void place(json_writer& to, std::string_view member, task_id const& id);
    known_place const& place_of(task_id const& id);
    void thread(json_writer& to, std::thread::id id);

    std::uint64_t run_id_;
    std::shared_ptr<frond::plan const> plan_;
    time_point zero_;
    std::vector<known_place> places_;       // by spec
    std::vector<std::thread::id> threads_;  // in the order in which they came
    std::size_t last_thread_ = 0;
};

}  // namespace frond::hooks::detail
