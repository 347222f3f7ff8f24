#include "frond/hooks/timing_report.hpp"

#include "run_timer.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace frond::hooks {

/// Thread: any; the mutex guards all of it.
class timing_report::runs_seen {
public:
    explicit runs_seen(timing_options options) noexcept : options_(options) {}

    observer_policy policy() const noexcept {
        return options_.lossless() ? frond::lossless(options_.bound()) : every(options_.bound());
    }

    void begin(run_event const& event) {
        if (event.plan == nullptr) return;
        auto timer = std::make_unique<detail::run_timer>(event, options_.slowest());
        std::lock_guard const guard(mutex_);
        runs_.push_back({event.run_id, std::move(timer), {}});
        current_ = nullptr;
    }

    // What belongs to a run that is not known is not told to anyone.
    void tell(std::uint64_t run_id, auto const& what) {
        std::lock_guard const guard(mutex_);
        if (current_ == nullptr || current_->id != run_id) {
            current_ = nullptr;
            for (run& each : runs_) {
                if (each.id == run_id && each.timer != nullptr) current_ = &each;
            }
        }
        if (current_ != nullptr) what(*current_->timer);
    }

    void end(run_event const& event) {
        std::lock_guard const guard(mutex_);
        current_ = nullptr;
        for (run& each : runs_) {
            if (each.id != event.run_id || each.timer == nullptr) continue;
            each.result = each.timer->timing(event);
            each.timer.reset();  // and with it the plan
        }
        auto const ended = [](run const& each) { return each.timer == nullptr; };
        while (static_cast<std::size_t>(std::count_if(runs_.begin(), runs_.end(), ended)) > options_.keep_runs()) {
            runs_.erase(std::find_if(runs_.begin(), runs_.end(), ended));
        }
    }

    std::optional<run_timing> last() const {
        std::lock_guard const guard(mutex_);
        return runs_.empty() ? std::nullopt : std::optional(timing_of(runs_.back()));
    }

    std::optional<run_timing> of(std::uint64_t run_id) const {
        std::lock_guard const guard(mutex_);
        for (run const& each : runs_) {
            if (each.id == run_id) return timing_of(each);
        }
        return std::nullopt;
    }

    std::vector<std::uint64_t> ids() const {
        std::lock_guard const guard(mutex_);
        std::vector<std::uint64_t> made;
        made.reserve(runs_.size());
        for (run const& each : runs_) made.push_back(each.id);
        return made;
    }

private:
    struct run {
        std::uint64_t id;
        std::unique_ptr<detail::run_timer> timer;  // while it goes on
        run_timing result;                         // once it has ended
    };

    static run_timing timing_of(run const& of) { return of.timer != nullptr ? of.timer->timing() : of.result; }

    timing_options options_;
    mutable std::mutex mutex_;
    std::vector<run> runs_;   // in the order in which they began
    run* current_ = nullptr;  // the one that was told of last
};

timing_report::timing_report(timing_options options) : runs_(std::make_unique<runs_seen>(options)) {}
timing_report::~timing_report() = default;

run_timing timing_report::timing() const { return runs_->last().value_or(run_timing()); }
std::optional<run_timing> timing_report::timing(std::uint64_t run_id) const { return runs_->of(run_id); }
std::vector<std::uint64_t> timing_report::runs() const { return runs_->ids(); }

observer_policy timing_report::policy() const noexcept { return runs_->policy(); }

void timing_report::before_run(run_event const& event) { runs_->begin(event); }

void timing_report::on_yield(yield_event const& event) {
    runs_->tell(event.run_id, [&](detail::run_timer& timer) { timer.yielded(event); });
}
void timing_report::on_not_started(not_started_event const& event) {
    runs_->tell(event.run_id, [&](detail::run_timer& timer) { timer.not_started(event); });
}
void timing_report::before_submission(task_event const& event) {
    runs_->tell(event.run_id, [&](detail::run_timer& timer) { timer.submitted(event); });
}
void timing_report::before_task(task_event const& event) {
    runs_->tell(event.run_id, [&](detail::run_timer& timer) { timer.begun(event); });
}
void timing_report::after_task(task_event const& event) {
    runs_->tell(event.run_id, [&](detail::run_timer& timer) { timer.ended(event); });
}

void timing_report::after_run(run_event const& event) { runs_->end(event); }

}  // namespace frond::hooks
