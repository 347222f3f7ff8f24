#include "shown_runs.hpp"

#include "lines.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr auto longest_silence = std::chrono::minutes(1);

standing standing_of(run_event const& event) noexcept {
    if (!event.failure) return standing::done;
    return event.failure->is_canceled() ? standing::cancelled : standing::failed;
}

std::string name_of(std::uint64_t id) { return "run " + std::to_string(id); }

}  // namespace

shown_runs::run& shown_runs::of(std::uint64_t id) {
    auto const [at, made] = runs_.try_emplace(id, utf8_);
    if (made && runs_.size() > 1) {
        give_name(*at);
        // Where there were two or more each has its name already.
        if (runs_.size() == 2) give_name(at == runs_.begin() ? *runs_.rbegin() : *runs_.begin());
    }
    return at->second;
}

void shown_runs::give_name(std::pair<std::uint64_t const, run>& to) {
    to.second.named = true;
    if (to.second.last) to.second.last->rows.front().name = name_of(to.first);
}

void shown_runs::paint(std::uint64_t id, run& shown, progress const& sample, standing state) {
    shown.last = shown.paints.paint(sample, state);
    if (shown.named) shown.last->rows.front().name = name_of(id);
}

void shown_runs::note_failures(std::uint64_t id, run& shown, progress const& sample,
                               std::vector<std::string>& said) const {
    for (; shown.told < sample.failures.size(); ++shown.told) {
        said.push_back(failure_line(sample.failures[shown.told], utf8_, shown.named ? name_of(id) : ""));
    }
}

void shown_runs::begin(std::uint64_t id, time_point now) { of(id).heard = now; }

void shown_runs::update(progress const& sample, std::vector<std::string>& said) {
    run& shown = of(sample.run_id);
    shown.heard = sample.taken;
    paint(sample.run_id, shown, sample, standing::running);
    note_failures(sample.run_id, shown, sample, said);
}

std::optional<picture> shown_runs::end(run_event const& event, std::vector<std::string>& said) {
    std::uint64_t const id = event.run_id;
    std::optional<picture> ended;
    if (event.progress) {
        progress const& last = *event.progress;
        run& shown = of(id);
        paint(id, shown, last, standing_of(event));
        note_failures(id, shown, last, said);
        std::string const name = shown.named ? name_of(id) : "";
        if (shown.told == 0 && shown.last->state == standing::failed) {
            said.push_back(failure_line(*event.failure, utf8_, name));
        }
        if (last.failures_total > shown.told && shown.told > 0) {
            std::string const of_run = name.empty() ? "" : name + ": ";
            said.push_back("failed: " + of_run + std::to_string(last.failures_total - shown.told) + " more");
        }
        ended = std::move(shown.last);
    }
    runs_.erase(id);
    return ended;
}

void shown_runs::forget_silent(time_point now, std::vector<std::string>& said) {
    for (auto at = runs_.begin(); at != runs_.end();) {
        if (now - at->second.heard < longest_silence) {
            ++at;
            continue;
        }
        said.push_back(name_of(at->first) + " has not been heard of for a minute");
        at = runs_.erase(at);
    }
}

bool shown_runs::heard_since(time_point since) const noexcept {
    return std::any_of(runs_.begin(), runs_.end(), [&](auto const& each) { return each.second.heard >= since; });
}

std::vector<picture const*> shown_runs::pictures() const {
    std::vector<picture const*> all;
    for (auto const& [id, shown] : runs_) {
        if (shown.last) all.push_back(&*shown.last);
    }
    return all;
}

}  // namespace frond::hooks::detail
