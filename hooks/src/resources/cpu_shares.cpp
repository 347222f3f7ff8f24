#include "cpu_shares.hpp"

#include <chrono>

namespace frond::hooks::detail {

std::size_t cpu_shares::share_of(std::string const& name) {
    constexpr std::size_t most_names = 1000;
    auto const known = by_name_.find(name);
    if (known != by_name_.end()) return known->second;
    if (by_name_.size() >= most_names) {
        if (shares_.size() == most_names) shares_.push_back({"other", {}});
        return most_names;
    }
    shares_.push_back({name, {}});
    return by_name_.emplace(name, shares_.size() - 1).first->second;
}

void cpu_shares::update(progress const& now) {
    run& of = runs_[now.run_id];
    while (of.size() < now.specs.size()) of.push_back({share_of(now.specs[of.size()].name), {}});
    for (std::size_t i = 0; i < now.specs.size(); ++i) of[i].now = now.specs[i].tasks;
}

void cpu_shares::end(std::uint64_t run_id) { over_.push_back(run_id); }

void cpu_shares::divide(duration cpu) {
    double running = 0;
    double ended = 0;
    for (auto const& [id, specs] : runs_) {
        for (spec const& each : specs) {
            running += static_cast<double>(each.now.running + each.running_before);
            ended += static_cast<double>(each.now.ended() - each.ended_before);
        }
    }
    bool const by_running = running > 0;
    double const all = by_running ? running : ended;
    for (auto& [id, specs] : runs_) {
        for (spec& each : specs) {
            auto const of = by_running ? each.now.running + each.running_before : each.now.ended() - each.ended_before;
            std::chrono::duration<double> const part = cpu * (all > 0 ? static_cast<double>(of) / all : 0);
            shares_[each.share].cpu += std::chrono::duration_cast<duration>(part);
            each.running_before = each.now.running;
            each.ended_before = each.now.ended();
        }
    }
    for (auto const id : over_) runs_.erase(id);
    over_.clear();
}

std::uint64_t cpu_shares::running() const noexcept {
    std::uint64_t all = 0;
    for (auto const& [id, specs] : runs_) {
        for (spec const& each : specs) all += each.now.running;
    }
    return all;
}

std::uint64_t cpu_shares::queued() const noexcept {
    std::uint64_t all = 0;
    for (auto const& [id, specs] : runs_) {
        for (spec const& each : specs) all += each.now.queued();
    }
    return all;
}

}  // namespace frond::hooks::detail
