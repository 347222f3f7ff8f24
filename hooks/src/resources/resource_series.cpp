#include "resource_series.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdint>

namespace frond::hooks::detail {

namespace {

double seconds(duration d) noexcept { return std::chrono::duration<double>(d).count(); }

constexpr std::uint64_t resource_point::* states[] = {&resource_point::memory, &resource_point::threads,
                                                      &resource_point::open_files, &resource_point::running,
                                                      &resource_point::queued};

}  // namespace

resource_series::resource_series(std::size_t most) : most_(most) {
    assert(most >= 2);
    points_.reserve(most_);
}

void resource_series::put_together(resource_point& into, resource_point const& later) {
    into.taken = later.taken;
    into.span += later.span;
    into.user += later.user;
    into.system += later.system;
    for (auto const state : states) into.*state = std::max(into.*state, later.*state);
}

void resource_series::halve() {
    std::size_t const pairs = points_.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
        resource_point made = points_[2 * i];
        put_together(made, points_[2 * i + 1]);
        points_[i] = made;
    }
    // Of an odd number the last one is half of a point that is to come.
    if (points_.size() % 2 != 0) {
        begun_ = points_.back();
        samples_begun_ = samples_in_one_;
    }
    points_.resize(pairs);
    samples_in_one_ *= 2;
}

void resource_series::add(resource_point const& sample) {
    if (begun_) {
        put_together(*begun_, sample);
    } else {
        begun_ = sample;
    }
    if (++samples_begun_ < samples_in_one_) return;
    points_.push_back(*begun_);
    begun_.reset();
    samples_begun_ = 0;
    if (points_.size() == most_) halve();
}

std::vector<resource_point> resource_series::points() const {
    std::vector<resource_point> all = points_;
    if (begun_) all.push_back(*begun_);
    return all;
}

void resource_totals::add(resource_point const& sample) noexcept {
    double const time = seconds(sample.span);
    so_far_.span += sample.span;
    so_far_.user += sample.user;
    so_far_.system += sample.system;
    so_far_.peak.taken = sample.taken;
    for (auto const state : states) so_far_.peak.*state = std::max(so_far_.peak.*state, sample.*state);
    so_far_.peak_cores = std::max(so_far_.peak_cores, sample.cores());
    so_far_.mean_memory += static_cast<double>(sample.memory) * time;
    so_far_.mean_threads += static_cast<double>(sample.threads) * time;
    so_far_.mean_open_files += static_cast<double>(sample.open_files) * time;
    so_far_.mean_running += static_cast<double>(sample.running) * time;
    so_far_.mean_queued += static_cast<double>(sample.queued) * time;
}

resource_summary resource_totals::summary() const {
    resource_summary made = so_far_;
    double const time = seconds(made.span);
    if (time <= 0) return made;
    made.mean_cores = seconds(made.user + made.system) / time;
    for (double* const mean :
         {&made.mean_memory, &made.mean_threads, &made.mean_open_files, &made.mean_running, &made.mean_queued}) {
        *mean /= time;
    }
    return made;
}

}  // namespace frond::hooks::detail
