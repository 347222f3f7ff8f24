// How a run treats an observer that cannot keep up.
#pragma once

#include "frond/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace frond {

class observer_policy {
public:
    enum class kind : std::uint8_t {
        every,     // all events, up to a bound
        latest,    // samples of the counters
        lossless,  // all events; lanes wait for the observer
    };

    observer_policy(kind what, std::uint32_t bound, time_span time) noexcept
        : kind_(what), bound_(bound), time_(time) {}

    /// For a hook that does not time single tasks, which spares each task a look at the clock: all tasks that a thread
    /// runs in one go then have the time at which the thread began with them.
    [[nodiscard]] observer_policy coarse_time() const noexcept {
        observer_policy changed = *this;
        changed.coarse_ = true;
        return changed;
    }

    /// Gives the hook's `on_yield` a copy of each child's parameter, where there can be one (see yielded_parameter),
    /// since the child may move its own. While a copy is made no lane can take from the expander.
    /// At most `bound` copies are kept.
    [[nodiscard]] observer_policy with_parameters() const noexcept {
        observer_policy changed = *this;
        changed.parameters_ = true;
        return changed;
    }

    bool samples() const noexcept { return kind_ == kind::latest; }
    bool lossless() const noexcept { return kind_ == kind::lossless; }
    bool coarse() const noexcept { return coarse_ || samples(); }
    bool parameters() const noexcept { return parameters_; }
    /// What is wrong with it, and what to do; empty if nothing is. A run that is given such a hook is refused with that.
    std::string fault() const;
    /// How many events may wait to be told.
    std::uint32_t bound() const noexcept { return bound_; }
    /// The time between samples; zero for a hook that takes none.
    duration interval() const noexcept { return samples() ? time_ : duration::zero(); }
    /// How long the hook may hold lanes back at a time; zero for a hook that is not lossless.
    duration stall_limit() const noexcept { return lossless() ? time_ : duration::zero(); }

private:
    kind kind_;
    bool coarse_ = false;
    bool parameters_ = false;
    std::uint32_t bound_;
    duration time_;
};

/// Every event; when more than `bound` events wait, the oldest are dropped and counted. Those that a thread has handed over
/// last stay, so a hook whose bound is 0 is told something.
inline observer_policy every(std::uint32_t bound = 65536) noexcept {
    return {observer_policy::kind::every, bound, duration::zero()};
}
/// No task events, but a sample of the run's progress at this interval, which is longer than zero.
inline observer_policy latest(time_span interval) noexcept { return {observer_policy::kind::latest, 0, interval}; }
/// Every event, none lost: while more than `bound` events wait, no new children start. A hook that holds children back
/// for longer than `stall_limit`, which is not negative, at a time is treated as `every(bound)` from then on, and the run's report says so.
/// A run that is handed the same hook afterwards waits for a sixteenth of the limit only, until the hook has caught up once in such a run.
inline observer_policy lossless(std::uint32_t bound = 65536,
                                time_span stall_limit = std::chrono::seconds(10)) noexcept {
    return {observer_policy::kind::lossless, bound, stall_limit};
}

}  // namespace frond
