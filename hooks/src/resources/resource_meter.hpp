// When to look at the process, and what the difference to the last look was.
//
// Knows no file: how to look is handed in. Thread: any.
#pragma once

#include "cpu_shares.hpp"
#include "proc_self.hpp"
#include "resource_series.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <set>

namespace frond::hooks::detail {

class resource_meter {
public:
    resource_meter(resources_options const& options, std::function<usage()> look)
        : interval_(options.interval()), look_(std::move(look)), series_(options.points()) {}

    void begin(std::uint64_t run_id, time_point now);
    void update(progress const& sample);
    void end(run_event const& event);

    std::optional<resource_point> current() const;
    std::vector<resource_point> series() const;
    resource_summary summary() const;

private:
    void sample(time_point now);

    duration const interval_;
    std::function<usage()> look_;

    mutable std::mutex mutex_;  // guards what follows
    std::set<std::uint64_t> going_on_;
    std::optional<usage> last_;  // none while no run goes on: what happens then is nobody's
    time_point last_time_{};
    std::optional<resource_point> current_;
    cpu_shares shares_;
    resource_series series_;
    resource_totals totals_;
};

}  // namespace frond::hooks::detail
