#include "frond/hooks/event_log.hpp"

#include "log_file.hpp"
#include "run_lines.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks {

/// The runs that are on, and the file. Calls come one at a time for each run, so with several runs at once from several threads.
class event_log::writer {
public:
    template <class To>
    writer(To&& to, event_log_options const& options) : file_(std::forward<To>(to), options) {}

    /// Adds the line that `write(run_lines&, json_writer&)` appends.
    template <class Write>
    void add(std::uint64_t run_id, std::shared_ptr<plan const> const& of, time_point time, Write write) {
        std::lock_guard const guard(mutex_);
        add(lines_of(run_id, of, time), time, write);
    }

    void begin(run_event const& event) {
        std::lock_guard const guard(mutex_);
        forget(event.run_id);
        file_.forget_inherited();
        add(lines_of(event.run_id, event.plan, event.time), event.time,
            [&](auto& lines, auto& to) { lines.before_run(to, event); });
    }

    void end(run_event const& event) {
        std::lock_guard const guard(mutex_);
        // Out of the list first: it is over, whatever becomes of its last lines.
        detail::run_lines lines = std::move(lines_of(event.run_id, event.plan, event.time));
        forget(event.run_id);
        if (event.events_dropped != 0) add(lines, event.time, [&](auto& of, auto& to) { of.gap(to, event); });
        add(lines, event.time, [&](auto& of, auto& to) { of.after_run(to, event); });
        file_.flush();
    }

    void reopen() {
        std::lock_guard const guard(mutex_);
        file_.reopen();
    }

private:
    template <class Write>
    void add(detail::run_lines& lines, time_point time, Write write) {
        std::string& buffer = file_.buffer();
        std::size_t const begin = buffer.size();
        try {
            detail::json_writer to(buffer);
            write(lines, to);
        } catch (...) {
            buffer.resize(begin);
            throw;
        }
        file_.end_line(begin, time);
    }

    detail::run_lines& lines_of(std::uint64_t run_id, std::shared_ptr<plan const> const& of, time_point time) {
        if (last_ < runs_.size() && runs_[last_].run_id() == run_id) return runs_[last_];
        auto const found =
            std::find_if(runs_.begin(), runs_.end(), [&](auto const& each) { return each.run_id() == run_id; });
        last_ = static_cast<std::size_t>(found - runs_.begin());
        return found != runs_.end() ? *found : runs_.emplace_back(run_id, of, time);
    }

    void forget(std::uint64_t run_id) {
        std::erase_if(runs_, [&](auto const& each) { return each.run_id() == run_id; });
    }

    std::mutex mutex_;
    detail::log_file file_;
    std::vector<detail::run_lines> runs_;
    std::size_t last_ = 0;  // which one was told of last
};

event_log::event_log(std::filesystem::path const& file, event_log_options options)
    : writer_(std::make_unique<writer>(file, options)), policy_(options.policy()) {}

event_log::event_log(std::ostream& to, event_log_options options)
    : writer_(std::make_unique<writer>(to, options)), policy_(options.policy()) {}

event_log::~event_log() = default;

void event_log::reopen() { writer_->reopen(); }

void event_log::before_run(run_event const& event) { writer_->begin(event); }

void event_log::after_grouping(run_event const& event) {
    writer_->add(event.run_id, event.plan, event.time, [&](auto& lines, auto& to) { lines.after_grouping(to, event); });
}

void event_log::on_yield(yield_event const& event) {
    writer_->add(event.run_id, event.expander.plan, event.time,
                 [&](auto& lines, auto& to) { lines.on_yield(to, event); });
}

void event_log::total_known(expansion_event const& event) {
    writer_->add(event.run_id, event.expander.plan, event.time,
                 [&](auto& lines, auto& to) { lines.expansion(to, "total_known", event); });
}

void event_log::after_expansion(expansion_event const& event) {
    writer_->add(event.run_id, event.expander.plan, event.time,
                 [&](auto& lines, auto& to) { lines.expansion(to, "after_expansion", event); });
}

void event_log::on_not_started(not_started_event const& event) {
    writer_->add(event.run_id, event.expander.plan, event.time,
                 [&](auto& lines, auto& to) { lines.on_not_started(to, event); });
}

void event_log::on_stream_growth(stream_growth_event const& event) {
    writer_->add(event.run_id, event.expander.plan, event.time,
                 [&](auto& lines, auto& to) { lines.on_stream_growth(to, event); });
}

void event_log::before_task(task_event const& event) {
    writer_->add(event.run_id, event.id.plan, event.time,
                 [&](auto& lines, auto& to) { lines.task(to, "before_task", event); });
}

void event_log::on_progress(progress_event const& event) {
    writer_->add(event.run_id, event.task.plan, event.time,
                 [&](auto& lines, auto& to) { lines.on_progress(to, event); });
}

void event_log::on_retry(retry_event const& event) {
    writer_->add(event.run_id, event.task.plan, event.time, [&](auto& lines, auto& to) { lines.on_retry(to, event); });
}

void event_log::after_task(task_event const& event) {
    writer_->add(event.run_id, event.id.plan, event.time,
                 [&](auto& lines, auto& to) { lines.task(to, "after_task", event); });
}

void event_log::after_run(run_event const& event) { writer_->end(event); }

void event_log_with_nodes::before_node(node_event const& event) {
    to().add(event.run_id, event.task.plan, event.time,
             [&](auto& lines, auto& to) { lines.node(to, "before_node", event); });
}

void event_log_with_nodes::after_node(node_event const& event) {
    to().add(event.run_id, event.task.plan, event.time,
             [&](auto& lines, auto& to) { lines.node(to, "after_node", event); });
}

}  // namespace frond::hooks
