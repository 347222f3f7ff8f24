#include "frond/hooks/trace.hpp"

#include "trace_run.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace frond::hooks {

/// The file and the runs that are going on.
class trace::book {
public:
    template <class Target>
    book(Target& to, trace_options options, bool nodes) : shared_{detail::trace_file(to), options, nodes} {}

    trace_options const& options() const noexcept { return shared_.options; }

    void begin(run_event const& event) {
        std::lock_guard const guard(mutex_);
        if (shared_.zero == time_point{}) shared_.zero = event.time;
        if (runs_.empty()) shared_.file.open();
        runs_.try_emplace(event.run_id, shared_, event);
    }

    void end(run_event const& event) {
        std::lock_guard const guard(mutex_);
        auto const found = runs_.find(event.run_id);
        if (found == runs_.end()) return;
        found->second.end(event);
        runs_.erase(found);
        if (runs_.empty()) shared_.file.close();
    }

    template <class Event>
    void tell(void (detail::trace_run::*what)(Event const&), Event const& event) {
        std::lock_guard const guard(mutex_);
        auto const found = runs_.find(event.run_id);
        if (found != runs_.end()) (found->second.*what)(event);
    }

private:
    std::mutex mutex_;  // runs that go on at once tell from their own threads
    detail::trace_shared shared_;
    std::map<std::uint64_t, detail::trace_run> runs_;
};

trace::trace(std::filesystem::path const& file, trace_options options)
    : trace(std::make_unique<book>(file, options, false)) {}
trace::trace(std::ostream& stream, trace_options options) : trace(std::make_unique<book>(stream, options, false)) {}
trace::trace(std::unique_ptr<book> of) noexcept : book_(std::move(of)) {}
trace::~trace() = default;

observer_policy trace::policy() const noexcept { return book_->options().policy(); }

void trace::before_run(run_event const& event) { book_->begin(event); }
void trace::after_run(run_event const& event) { book_->end(event); }

void trace::on_not_started(not_started_event const& event) { book_->tell(&detail::trace_run::not_started, event); }
void trace::before_task(task_event const& event) { book_->tell(&detail::trace_run::before_task, event); }
void trace::on_retry(retry_event const& event) { book_->tell(&detail::trace_run::retry, event); }
void trace::after_task(task_event const& event) { book_->tell(&detail::trace_run::after_task, event); }

node_trace::node_trace(std::filesystem::path const& file, trace_options options)
    : trace(std::make_unique<book>(file, options, true)) {}
node_trace::node_trace(std::ostream& stream, trace_options options)
    : trace(std::make_unique<book>(stream, options, true)) {}

void node_trace::before_node(node_event const& event) { of_it().tell(&detail::trace_run::before_node, event); }
void node_trace::after_node(node_event const& event) { of_it().tell(&detail::trace_run::after_node, event); }

}  // namespace frond::hooks
