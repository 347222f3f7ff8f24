#include "running_children.hpp"

#include <cstddef>
#include <utility>

namespace frond::hooks::detail {

running_children::running_children(std::shared_ptr<plan const> of, trace_time began)
    : plan_(std::move(of)), began_(began), by_scope_(plan_->scopes.size()) {}

void running_children::count(task_id const& id, trace_time at, int change) {
    if (!id.index) return;
    std::size_t const scope = id.of().scope;
    if (plan_->scopes[scope].specs.size() > 1) {
        auto key = id.indices();
        key.push_back(scope);
        auto const child = open_tasks_.try_emplace(std::move(key), 0).first;
        int const before = std::exchange(child->second, child->second + change);
        int const after = child->second;
        if (after <= 0) open_tasks_.erase(child);
        if (before != 0 && after != 0) return;
    }
    by_scope_[scope].add(at - began_, change);
}

void running_children::write(trace_process& to) const {
    for (std::size_t scope = 1; scope < by_scope_.size(); ++scope) {
        if (by_scope_[scope].left() != 0) continue;
        auto const name = json_string(plan_->graph[*plan_->scopes[scope].expander_node].name + ": running");
        for (auto const& [from, mean] : by_scope_[scope].points()) {
            json_members args;
            args.add("children", mean);
            to.write({.phase = trace_phase::counter, .name = name.text, .at = began_ + from, .args = args.text()});
        }
    }
}

}  // namespace frond::hooks::detail
