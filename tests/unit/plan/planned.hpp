// Plans of graphs written down by hand, and how tests speak of them.
#pragma once

#include "../graph/erased.hpp"
#include "dry_run.hpp"
#include "frond/plan/plan.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace planned {

using list = std::vector<std::string>;

inline frond::plan_options want(list wanted) {
    frond::plan_options made;
    made.wanted = std::move(wanted);
    return made;
}

/// A plan that holds what every plan does.
inline std::shared_ptr<frond::plan const> plan(erased::nodes const& of, frond::plan_options options) {
    auto made = frond::plan::make(of.graph().value(), std::move(options));
    if (!made) FAIL(std::string(made.error().message()));
    CHECK(dry_run(*made.value()).failure() == "");
    return made.value();
}

/// The message with which a plan is refused; empty if it is not.
inline std::string refusal(erased::nodes const& of, frond::plan_options options) {
    auto const made = frond::plan::make(of.graph().value(), std::move(options));
    if (made) return {};
    CHECK(made.error().code() == make_error_code(frond::errc::invalid_plan));
    return std::string(made.error().message());
}

inline bool says(std::string const& message, list const& parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](std::string const& part) { return message.find(part) != std::string::npos; });
}

inline std::ptrdiff_t lines(std::string const& message) {
    return message.empty() ? 0 : std::count(message.begin(), message.end(), '\n') + 1;
}

inline frond::task_spec const& spec(frond::plan const& p, std::string const& name) {
    for (auto const& each : p.specs) {
        if (each.name == name) return each;
    }
    FAIL("no task is called " + name);
    return p.specs.front();
}

/// The tasks of a scope, sorted by name.
inline list tasks(frond::plan const& p, std::size_t scope) {
    list names;
    for (auto const id : p.scopes[scope].specs) names.push_back(p.specs[id].name);
    std::sort(names.begin(), names.end());
    return names;
}

/// The nodes of a task, in order.
inline list nodes_of(frond::plan const& p, std::string const& name) {
    list names;
    for (auto const& step : spec(p, name).steps) names.push_back(p.graph[step.node].name);
    return names;
}

/// What a task waits for: "expand-file opened"; sorted.
inline list waits_for(frond::plan const& p, std::string const& name) {
    static constexpr char const* triggers[] = {"ended", "opened", "finished"};
    list made;
    for (auto const& each : p.specs) {
        for (auto const& dependent : each.dependents) {
            if (p.specs[dependent.spec].name != name) continue;
            made.push_back(each.name + " " + triggers[static_cast<std::size_t>(dependent.on)]);
        }
    }
    std::sort(made.begin(), made.end());
    return made;
}

inline frond::plan_scope const& scope_of(frond::plan const& p, std::string const& expander) {
    return p.scopes[spec(p, "expand-" + expander).opens.value()];
}

}  // namespace planned
