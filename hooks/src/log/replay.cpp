#include "frond/hooks/replay.hpp"

#include "frond/base/printable.hpp"
#include "task_tally.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <istream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace frond::hooks {

namespace {

using parsed_json = nlohmann::json;

[[noreturn]] void refuse() { throw std::invalid_argument("no line of an event log"); }

std::uint64_t number(parsed_json const& of, char const* name) {
    parsed_json const& found = of.at(name);
    if (!found.is_number_unsigned()) refuse();
    return found.get<std::uint64_t>();
}

std::size_t index_in(parsed_json const& of, char const* name, std::size_t size) {
    std::uint64_t const found = number(of, name);
    if (found >= size) refuse();
    return static_cast<std::size_t>(found);
}

/// The value of an enumeration that has this name.
template <class Enum, std::size_t Count>
Enum named(std::array<Enum, Count> const& all, parsed_json const& of, char const* name) {
    auto const& text = of.at(name).get_ref<std::string const&>();
    auto const found = std::find_if(all.begin(), all.end(), [&](Enum each) { return to_string(each) == text; });
    if (found == all.end()) refuse();
    return *found;
}

constexpr std::array purposes = {purpose::execute_single, purpose::execute_block, purpose::expand, purpose::collect};
constexpr std::array ended_states = {task_state::succeeded, task_state::failed, task_state::cancelled,
                                     task_state::timed_out};

detail::tallied_plan plan_of(parsed_json const& line) {
    detail::tallied_plan made;
    parsed_json const& scopes = line.at("scopes");
    parsed_json const& specs = line.at("specs");
    if (!scopes.is_array() || scopes.empty() || !specs.is_array()) refuse();
    for (parsed_json const& each : specs) {
        made.specs.push_back({printable(each.at("id").get_ref<std::string const&>()), named(purposes, each, "purpose"),
                              index_in(each, "scope", scopes.size())});
    }
    made.scopes.emplace_back();
    for (std::size_t i = 1; i < scopes.size(); ++i) {
        parsed_json const& each = scopes[i];
        detail::tallied_plan::scope scope;
        scope.expander = printable(each.at("expander").get_ref<std::string const&>());
        scope.parent = index_in(each, "parent", i);
        scope.depth = made.scopes[scope.parent].depth + 1;
        scope.failures_are_values = each.at("failures_are_values").get<bool>();
        made.scopes.push_back(std::move(scope));
    }
    return made;
}

counters counters_of(parsed_json const& of) {
    counters made;
    made.yielded = number(of, "yielded");
    made.running = number(of, "running");
    made.succeeded = number(of, "succeeded");
    made.failed = number(of, "failed");
    made.cancelled = number(of, "cancelled");
    made.skipped = number(of, "skipped");
    made.timed_out = number(of, "timed_out");
    return made;
}

/// One run, as far as it has been read.
class read_run {
public:
    explicit read_run(parsed_json const& line)
        : id_(number(line, "run")), started_(std::chrono::nanoseconds(line.at("steady").get<std::int64_t>())) {}

    std::uint64_t id() const noexcept { return id_; }

    void add(parsed_json const& line) {
        auto const& event = line.at("event").get_ref<std::string const&>();
        if (event == "after_grouping") {
            begin(plan_of(line), line);
        } else {
            if (!tally_) refuse();
            count(event, line);
        }
        last_ = std::max(last_, std::chrono::nanoseconds(line.at("time").get<std::int64_t>()));
    }

    replayed_run so_far() const {
        replayed_run made;
        if (tally_) made.counted = tally_->counted();
        made.counted.retries = retries_;
        place_in_time(made.counted);
        if (told_) place_in_time(made.told.emplace(*told_));
        made.events_dropped = dropped_;
        return made;
    }

private:
    void begin(detail::tallied_plan plan, parsed_json const& line) {
        std::vector<std::size_t> opens(plan.specs.size(), 0);
        parsed_json const& scopes = line.at("scopes");
        for (std::size_t i = 1; i < scopes.size(); ++i) opens[index_in(scopes[i], "spec", opens.size())] = i;
        tally_.emplace(std::move(plan));
        opens_ = std::move(opens);
    }

    void count(std::string const& event, parsed_json const& line) {
        if (event == "on_yield") {
            tally_->yielded(scope_of_expander(line), task_of(line).second, number(line, "index"));
        } else if (event == "total_known") {
            tally_->total_said(scope_of_expander(line), task_of(line).second, number(line, "total"));
        } else if (event == "after_expansion") {
            tally_->expansion_ended(scope_of_expander(line), task_of(line).second, number(line, "total"));
        } else if (event == "on_not_started") {
            tally_->not_started(scope_of_expander(line), number(line, "count"));
        } else if (event == "before_task") {
            auto const [spec, at] = task_of(line);
            tally_->begun(spec, at);
        } else if (event == "after_task") {
            auto const [spec, at] = task_of(line);
            tally_->ended(spec, at, named(ended_states, line, "state"));
        } else if (event == "on_retry") {
            ++retries_;
        } else if (event == "gap") {
            dropped_ = number(line, "events_dropped");
        } else if (event == "after_run") {
            end(line);
        } else if (event != "before_node" && event != "after_node" && event != "on_progress" &&
                   event != "on_stream_growth") {
            refuse();
        }
    }

    std::size_t scope_of_expander(parsed_json const& line) const {
        std::size_t const scope = opens_[index_in(line, "spec", opens_.size())];
        if (scope == 0) refuse();
        return scope;
    }

    std::pair<std::size_t, detail::task_tally::indices> task_of(parsed_json const& line) const {
        std::size_t const spec = index_in(line, "spec", opens_.size());
        detail::task_tally::indices at;
        if (auto const found = line.find("child"); found != line.end()) at = found->get<detail::task_tally::indices>();
        auto const& plan = tally_->plan();
        if (at.size() != plan.scopes[plan.specs[spec].scope].depth) refuse();
        return {spec, std::move(at)};
    }

    void end(parsed_json const& line) {
        tally_->over();
        auto const found = line.find("progress");
        if (found == line.end()) return;
        progress made = tally_->counted();  // for all but the counters
        parsed_json const& specs = found->at("specs");
        parsed_json const& expansions = found->at("expansions");
        if (specs.size() != made.specs.size() || expansions.size() != made.expansions.size()) refuse();
        for (std::size_t i = 0; i < specs.size(); ++i) made.specs[i].tasks = counters_of(specs[i]);
        for (std::size_t i = 0; i < expansions.size(); ++i) {
            made.expansions[i].children = counters_of(expansions[i]);
            made.expansions[i].total = number(expansions[i], "total");
        }
        made.failures_total = number(*found, "failures_total");
        made.retries = number(*found, "retries");
        told_ = std::move(made);
    }

    void place_in_time(progress& of) const {
        of.run_id = id_;
        of.started = time_point(started_);
        of.taken = time_point(started_ + last_);
    }

    std::uint64_t id_;
    std::chrono::nanoseconds started_;
    std::chrono::nanoseconds last_{};
    std::optional<detail::task_tally> tally_;
    std::vector<std::size_t> opens_;  // by spec: the scope that it opens; 0: none
    std::optional<progress> told_;
    std::uint64_t retries_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace

class replay::reader {
public:
    bool add(std::string_view text) {
        parsed_json const line = parsed_json::parse(text, nullptr, false);
        try {
            if (!line.is_object()) refuse();
            auto const& event = line.at("event").get_ref<std::string const&>();
            if (event == "before_run") {
                runs.emplace_back(line);
                latest_[runs.back().id()] = runs.size() - 1;
            } else if (event == "gap" && line.contains("lines_lost")) {
                lines_lost += number(line, "lines_lost");
            } else {
                runs[latest_.at(number(line, "run"))].add(line);
            }
            return true;
        } catch (parsed_json::exception const&) {
        } catch (std::invalid_argument const&) {
        } catch (std::out_of_range const&) {
        }
        ++left_out;
        return false;
    }

    std::vector<read_run> runs;
    std::uint64_t left_out = 0;
    std::uint64_t lines_lost = 0;

private:
    std::map<std::uint64_t, std::size_t> latest_;  // by id: processes may have the same ones
};

replay::replay() : reader_(std::make_unique<reader>()) {}
replay::replay(replay&&) noexcept = default;
replay& replay::operator=(replay&&) noexcept = default;
replay::~replay() = default;

bool replay::add(std::string_view line) { return reader_->add(line); }

void replay::add_all(std::istream& lines) {
    std::string line;
    while (std::getline(lines, line)) add(line);
}

std::vector<replayed_run> replay::runs() const {
    std::vector<replayed_run> made;
    for (auto const& each : reader_->runs) made.push_back(each.so_far());
    return made;
}

std::uint64_t replay::lines_left_out() const noexcept { return reader_->left_out; }
std::uint64_t replay::lines_lost() const noexcept { return reader_->lines_lost; }

}  // namespace frond::hooks
