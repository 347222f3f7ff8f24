#include "frond/hooks/resources.hpp"

#include "../text.hpp"
#include "resource_meter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace frond::hooks {

namespace {

double seconds(duration d) noexcept { return std::chrono::duration<double>(d).count(); }

std::string bytes_text(double bytes) {
    constexpr double kib = 1024;
    if (bytes < kib * kib) return fmt::format("{:.1f} KiB", bytes / kib);
    if (bytes < kib * kib * kib) return fmt::format("{:.1f} MiB", bytes / kib / kib);
    return fmt::format("{:.1f} GiB", bytes / kib / kib / kib);
}

}  // namespace

double resource_point::cores() const noexcept {
    return span > duration::zero() ? seconds(user + system) / seconds(span) : 0;
}

std::string to_string(resource_point const& point) {
    return fmt::format("{:.1f} cores, {}, {} threads, {} files; {} running, {} queued", point.cores(),
                       bytes_text(static_cast<double>(point.memory)), point.threads, point.open_files, point.running,
                       point.queued);
}

std::string to_string(resource_summary const& summary) {
    std::string text = fmt::format(
        "CPU {:.1f} s (user {:.1f}, system {:.1f}), {:.1f} cores, peak {:.1f}; memory {}, peak {}; threads {:.0f}, "
        "peak {}; "
        "files {:.0f}, peak {}",
        seconds(summary.user + summary.system), seconds(summary.user), seconds(summary.system), summary.mean_cores,
        summary.peak_cores, bytes_text(summary.mean_memory), bytes_text(static_cast<double>(summary.peak.memory)),
        summary.mean_threads, summary.peak.threads, summary.mean_open_files, summary.peak.open_files);
    auto most = summary.shares;
    std::sort(most.begin(), most.end(),
              [](auto const& a, auto const& b) { return a.cpu != b.cpu ? a.cpu > b.cpu : a.spec < b.spec; });
    constexpr std::size_t shown = 8;
    if (most.size() > shown) most.resize(shown);
    char const* before = "; CPU by spec: ";
    for (resource_share const& each : most) {
        if (each.cpu <= duration::zero()) break;
        constexpr std::size_t widest = 60;
        auto const name = detail::cut(detail::printable(each.spec, true), widest, true);
        text += fmt::format("{}{} {:.1f} s", std::exchange(before, ", "), name, seconds(each.cpu));
    }
    return text;
}

class resources::meter : public detail::resource_meter {
public:
    using resource_meter::resource_meter;
};

resources::resources(resources_options options) : interval_(options.interval()) {
    static_cast<void>(detail::read_usage());  // what cannot be read is told here
    meter_ = std::make_unique<meter>(options, &detail::read_usage);
}

resources::~resources() = default;

std::optional<resource_point> resources::current() const { return meter_->current(); }

std::vector<resource_point> resources::series() const { return meter_->series(); }

resource_summary resources::summary() const { return meter_->summary(); }

observer_policy resources::policy() const noexcept { return latest(interval_); }

void resources::before_run(run_event const& event) { meter_->begin(event.run_id, event.time); }

void resources::on_sample(progress const& sample) { meter_->update(sample); }

void resources::after_run(run_event const& event) { meter_->end(event); }

}  // namespace frond::hooks
