// A plan that is made by hand, and the events of a run of it at times that the test chooses.
#pragma once

#include "frond/graph/node.hpp"
#include "frond/hooks/timing_report.hpp"
#include "frond/plan/plan.hpp"
#include "frond/run/event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace samples {

using namespace std::chrono_literals;

inline constexpr frond::node_body plain_body{};
inline constexpr frond::node_body coroutine_body{0, 1, true};

/// Specs and scopes, and who waits for whom.
class plan_by_hand {
public:
    plan_by_hand() : made_(std::make_shared<frond::plan>()) { made_->scopes.emplace_back(); }

    std::size_t spec(std::string name, frond::purpose why, std::size_t scope = 0,
                     frond::node_body const& body = plain_body) {
        frond::task_spec& made = made_->specs.emplace_back();
        made.name = std::move(name);
        made.purpose = why;
        made.scope = scope;
        frond::plan_step step{};
        step.body = &body;
        made.steps.push_back(step);
        made_->scopes[scope].specs.push_back(static_cast<std::uint32_t>(made_->specs.size() - 1));
        return made_->specs.size() - 1;
    }
    /// The scope of an expander's children.
    std::size_t children_of(std::size_t expander) {
        frond::plan_scope& made = made_->scopes.emplace_back();
        made.expand_spec = expander;
        made.parent = made_->specs[expander].scope;
        made.depth = made_->scopes[made.parent].depth + 1;
        made_->specs[expander].opens = made_->scopes.size() - 1;
        return made_->scopes.size() - 1;
    }
    void needs(std::size_t spec, std::size_t other, frond::trigger on = frond::trigger::ended) {
        made_->specs[other].dependents.push_back({static_cast<std::uint32_t>(spec), on});
        ++made_->specs[spec].needs;
    }

    std::shared_ptr<frond::plan const> get() const { return made_; }

private:
    std::shared_ptr<frond::plan> made_;
};

/// Tells a report of a run that began at zero.
class told_run {
public:
    told_run(frond::hooks::timing_report& to, std::shared_ptr<frond::plan const> of, std::uint64_t run_id = 1)
        : report_(to), plan_(std::move(of)), run_id_(run_id) {
        report_.before_run(run(0ms));
    }

    frond::task_id id(std::size_t spec, std::vector<std::uint64_t> const& path = {},
                      std::string const& key = {}) const {
        frond::task_id made;
        made.plan = plan_;
        made.spec = spec;
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            made.enclosing =
                std::make_shared<frond::child_path const>(frond::child_path{made.enclosing, path[i], nullptr});
        }
        if (!path.empty()) made.index = path.back();
        if (!key.empty()) made.key = std::make_shared<std::string const>(key);
        return made;
    }

    void yields(frond::task_id const& expander, std::uint64_t index, frond::duration at) {
        frond::yield_event made;
        made.run_id = run_id_;
        made.expander = expander;
        made.index = index;
        made.time = start + at;
        report_.on_yield(made);
    }
    void not_started(frond::task_id const& expander, std::uint64_t first, std::uint64_t count, frond::duration at) {
        frond::not_started_event made;
        made.run_id = run_id_;
        made.expander = expander;
        made.first = first;
        made.count = count;
        made.time = start + at;
        report_.on_not_started(made);
    }
    void submits(frond::task_id const& task, frond::duration at) { report_.before_submission(event(task, at)); }
    void begins(frond::task_id const& task, frond::duration at) { report_.before_task(event(task, at)); }
    void ends(frond::task_id const& task, frond::duration at, frond::task_state state = frond::task_state::succeeded) {
        auto made = event(task, at);
        made.state = state;
        report_.after_task(made);
    }
    void does(frond::task_id const& task, frond::duration from, frond::duration to) {
        begins(task, from);
        ends(task, to);
    }
    void over(frond::duration at, std::optional<frond::error> failure = {}, std::uint64_t dropped = 0) {
        auto made = run(at);
        made.failure = std::move(failure);
        made.events_dropped = dropped;
        report_.after_run(made);
    }

    static constexpr frond::time_point start = frond::time_point() + 1h;

    std::thread::id thread = std::this_thread::get_id();

private:
    frond::run_event run(frond::duration at) const {
        frond::run_event made;
        made.run_id = run_id_;
        made.plan = plan_;
        made.time = start + at;
        return made;
    }
    frond::task_event event(frond::task_id const& task, frond::duration at) const {
        frond::task_event made;
        made.run_id = run_id_;
        made.id = task;
        made.purpose = plan_->specs[task.spec].purpose;
        made.steps = plan_->specs[task.spec].steps;
        made.time = start + at;
        made.thread = thread;
        return made;
    }

    frond::hooks::timing_report& report_;
    std::shared_ptr<frond::plan const> plan_;
    std::uint64_t run_id_;
};

/// A plan of one expander, its children of one task each, and a collector of a list or of a stream.
struct one_expansion {
    explicit one_expansion(frond::trigger on = frond::trigger::finished, std::string child = "block-file") {
        expand = by_hand.spec("expand-file", frond::purpose::expand);
        std::size_t const inside = by_hand.children_of(expand);
        block = by_hand.spec(std::move(child), frond::purpose::execute_block, inside);
        collect = by_hand.spec("collect-total", frond::purpose::collect, 0,
                               on == frond::trigger::opened ? coroutine_body : plain_body);
        by_hand.needs(collect, expand, on);
    }
    plan_by_hand by_hand;
    std::size_t expand = 0;
    std::size_t block = 0;
    std::size_t collect = 0;
};

}  // namespace samples
