#include "resource_meter.hpp"

#include <algorithm>

namespace frond::hooks::detail {

void resource_meter::begin(std::uint64_t run_id, time_point now) {
    std::lock_guard const guard(mutex_);
    going_on_.insert(run_id);
    if (!last_) {
        last_ = look_();
        last_time_ = now;
    }
}

void resource_meter::update(progress const& sample_of_run) {
    std::lock_guard const guard(mutex_);
    shares_.update(sample_of_run);
    // Each run has its own alarm.
    if (!last_ || sample_of_run.taken - last_time_ >= interval_ / 2) sample(sample_of_run.taken);
}

void resource_meter::end(run_event const& event) {
    std::lock_guard const guard(mutex_);
    if (event.progress) shares_.update(*event.progress);
    shares_.end(event.run_id);
    going_on_.erase(event.run_id);
    try {
        sample(event.time);
    } catch (...) {
        if (going_on_.empty()) last_.reset();
        throw;
    }
    if (going_on_.empty()) last_.reset();
}

void resource_meter::sample(time_point now) {
    usage const seen = look_();
    if (last_ && now > last_time_) {
        resource_point made;
        made.taken = now;
        made.span = now - last_time_;
        made.user = std::max(seen.user - last_->user, duration::zero());
        made.system = std::max(seen.system - last_->system, duration::zero());
        made.memory = seen.memory;
        made.threads = seen.threads;
        made.open_files = seen.open_files;
        made.running = shares_.running();
        made.queued = shares_.queued();
        current_ = made;
        series_.add(made);
        totals_.add(made);
        shares_.divide(made.user + made.system);
    } else {
        shares_.divide(duration::zero());
    }
    last_ = seen;
    last_time_ = std::max(last_time_, now);
}

std::optional<resource_point> resource_meter::current() const {
    std::lock_guard const guard(mutex_);
    return current_;
}

std::vector<resource_point> resource_meter::series() const {
    std::lock_guard const guard(mutex_);
    return series_.points();
}

resource_summary resource_meter::summary() const {
    std::lock_guard const guard(mutex_);
    resource_summary made = totals_.summary();
    made.shares = shares_.shares();
    return made;
}

}  // namespace frond::hooks::detail
