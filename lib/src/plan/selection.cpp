#include "selection.hpp"

#include "frond/graph/detail/similar_name.hpp"

#include <algorithm>
#include <optional>

namespace frond::detail {

namespace {

class selector {
public:
    selector(plan& made, std::vector<std::string>& faults)
        : graph_(made.graph), options_(made.options), faults_(faults), made_(made), hints_(made.graph.nodes()) {}

    selection run() && {
        made_.overridden.assign(graph_.size(), false);
        made_.limit.assign(graph_.size(), 0);
        made_.limit_each.assign(graph_.size(), 0);
        made_.retry.resize(graph_.size());
        made_.on.assign(graph_.size(), nullptr);
        find_wanted();
        find_overridden();
        check_views();
        check_times();
        find_limits();
        find_retries();
        find_executors();
        prune();
        check_taken();
        make_scopes();
        find_purposes();
        return std::move(made_);
    }

private:
    std::string const& name(std::size_t node) const { return graph_[node].name; }

    std::optional<std::size_t> find(std::string const& asked, char const* what) {
        auto const found = graph_.find(asked);
        if (!found) {
            faults_.push_back(std::string(what) + " \"" + asked + "\" is no node of the graph" + hints_.of(asked));
        }
        return found;
    }

    // Outside every expansion there is one value, inside one for each child.
    bool is_outside(std::size_t node, std::string const& what, std::string const& remedy) {
        auto const around = graph_.expansions(node);
        if (around.empty()) return true;
        faults_.push_back(name(node) + " cannot be " + what + ": it is inside the expansion of " + name(around.back()) +
                          " and has a value for each child; " + remedy);
        return false;
    }

    void find_wanted() {
        std::vector<bool> seen(graph_.size(), false);
        for (auto const& asked : options_.wanted) {
            auto const found = find(asked, "the wanted output");
            if (!found) continue;
            if (seen[*found]) {
                faults_.push_back("the output " + name(*found) + " is wanted twice; ask for it once");
                continue;
            }
            seen[*found] = true;
            if (is_outside(*found, "wanted", "collect it with each or all, and ask for the collector")) {
                made_.wanted.push_back(*found);
            }
        }
        if (options_.wanted.empty()) faults_.push_back("no output is wanted; name the nodes whose values you ask for");
    }

    void find_overridden() {
        for (auto const& asked : options_.overridden) {
            auto const found = find(asked, "the overridden");
            if (!found || graph_[*found].kind == node_kind::input) continue;  // an input is given anyway
            if (is_outside(*found, "overridden", "override the expander, or a collector"))
                made_.overridden[*found] = true;
        }
    }

    // The outputs are moved out of the run, and what they show ends with it. What comes from outside lives there.
    void check_views() {
        for (auto const node : made_.wanted) {
            if (!graph_[node].type->view || graph_[node].kind == node_kind::input || made_.overridden[node]) continue;
            faults_.push_back("the wanted output " + name(node) + " is " + std::string(graph_[node].type->name) +
                              ", which only shows something that ends with the run; ask for a value that owns what it "
                              "holds");
        }
    }

    void check_times() {
        if (options_.budget < duration::zero()) {
            faults_.push_back("the budget is " + to_string(options_.budget) +
                              "; say how long a run may keep a thread, 0 s or longer");
        }
        if (options_.grace < duration::zero()) {
            faults_.push_back("the grace is " + to_string(options_.grace) +
                              "; say how long a run waits for its hooks in the end, 0 s or longer");
        }
    }

    void find_limits() {
        if (options_.limit == 0) faults_.push_back("the limit of the run is 0: no child could run");
        find_limits_of(options_.expander_limits, made_.limit);
        find_limits_of(options_.limits_each, made_.limit_each);
    }

    void find_limits_of(std::map<std::string, std::uint32_t> const& limits, std::vector<std::uint32_t>& of) {
        for (auto const& [asked, limit] : limits) {
            auto const found = find(asked, "the limited");
            if (!found) continue;
            if (!made_.expands(*found)) {
                faults_.push_back(name(*found) +
                                  " has a limit, but is no expander; limits count an expander's children");
            } else if (limit == 0) {
                faults_.push_back("the limit of " + name(*found) + " is 0: none of its children could run");
            }
            of[*found] = limit;
        }
    }

    void find_retries() {
        for (auto const& [asked, rule] : options_.retries) {
            auto const found = find(asked, "the retried");
            if (!found) continue;
            if (graph_[*found].kind == node_kind::input) {
                faults_.push_back(name(*found) + " is retried, but is an input, and nothing that runs");
            } else if (uses_up(graph_[*found])) {
                faults_.push_back(name(*found) +
                                  " is retried, but takes or streams, and what it has used up is gone; "
                                  "take it as a value or a list");
            } else if (rule.attempts == 0) {
                faults_.push_back(name(*found) + " is tried 0 times; 1 is to try it once");
            } else if (rule.delay < duration::zero()) {
                faults_.push_back(name(*found) + " is tried again after " + to_string(rule.delay) +
                                  "; say how long it waits, 0 s or longer");
            }
            made_.retry[*found] = rule;
        }
    }

    void find_executors() {
        for (auto const& [asked, on] : options_.executors) {
            auto const found = find(asked, "the node with an executor,");
            if (found && runs_a_body(*found)) set_executor(*found, on.get());
        }
        for (auto const& asked : options_.blocking) {
            auto const found = find(asked, "the blocking");
            if (found && runs_a_body(*found)) set_executor(*found, options_.blocking_executor.get());
        }
    }

    bool runs_a_body(std::size_t node) {
        if (graph_[node].kind != node_kind::input) return true;
        faults_.push_back("input \"" + name(node) + "\" has an executor, but nothing that runs");
        return false;
    }

    void set_executor(std::size_t node, executor* on) {
        if (on == nullptr) faults_.push_back(name(node) + " is to run on an executor of its own, but none is given");
        if (made_.on[node] != nullptr && made_.on[node] != on)
            faults_.push_back(name(node) + " is given two executors");
        made_.on[node] = on;
    }

    void prune() {
        made_.needed.assign(graph_.size(), false);
        std::vector<std::size_t> open;
        auto const need = [&](std::size_t node) {
            if (!made_.needed[node]) open.push_back(node);
            made_.needed[node] = true;
        };
        for (auto const node : made_.wanted) need(node);
        while (!open.empty()) {
            std::size_t const node = open.back();
            open.pop_back();
            for (auto const& p : made_.parameters(node)) {
                for (auto const from : p.nodes) need(from);
            }
        }
        for (std::size_t node = graph_.size(); node-- > 0;) {
            if (made_.needed[node] || !made_.overridden[node]) continue;
            faults_.push_back(name(node) + " is overridden, but nothing that is wanted needs it; leave it out");
        }
    }

    // A node that takes a value is its only consumer; a caller who wants the value is a consumer too.
    void check_taken() {
        for (std::size_t node = 0; node < graph_.size(); ++node) {
            if (!made_.needed[node]) continue;
            for (auto const& p : made_.parameters(node)) {
                if (p.how != need::take) continue;
                auto const from = p.nodes.front();
                if (std::find(made_.wanted.begin(), made_.wanted.end(), from) == made_.wanted.end()) continue;
                faults_.push_back(name(node) + " takes " + name(from) + ", which is wanted too; take it as a value");
            }
        }
    }

    void make_scopes() {
        made_.scopes.emplace_back();
        made_.scope.assign(graph_.size(), 0);
        made_.opens.assign(graph_.size(), 0);
        for (std::size_t node = 0; node < graph_.size(); ++node) {
            if (!made_.needed[node]) continue;
            auto const around = graph_.expansions(node);
            if (!around.empty()) made_.scope[node] = made_.opens[around.back()];
            if (!made_.expands(node)) continue;
            made_.opens[node] = static_cast<std::uint32_t>(made_.scopes.size());
            auto& scope = made_.scopes.emplace_back();
            scope.expander_node = node;
            scope.parent = made_.scope[node];
            scope.depth = static_cast<std::uint32_t>(around.size() + 1);
            scope.parameter = graph_[node].type;
            scope.limit = made_.limit[node];
            scope.limit_each = made_.limit_each[node];
        }
    }

    void find_purposes() {
        made_.why.reserve(graph_.size());
        for (std::size_t node = 0; node < graph_.size(); ++node) {
            purpose why = made_.scope[node] == 0 ? purpose::execute_single : purpose::execute_block;
            for (auto const& p : made_.parameters(node)) {
                if (!made_.needed[node] || !collects(p.how)) continue;
                if (made_.scopes[made_.collected_scope(p)].parent == made_.scope[node]) why = purpose::collect;
            }
            made_.why.push_back(made_.expands(node) ? purpose::expand : why);
        }
    }

    graph const& graph_;
    plan_options const& options_;
    std::vector<std::string>& faults_;
    selection made_;
    name_hints hints_;
};

}  // namespace

selection select(plan& made, std::vector<std::string>& faults) { return selector(made, faults).run(); }

}  // namespace frond::detail
