// Goes through a plan as a run would, without calling anything: what is read must have been made, nothing may lie over
// anything else, and nothing may wait for ever.
#pragma once

#include "catch.hpp"
#include "frond/plan/plan.hpp"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

class dry_run {
public:
    explicit dry_run(frond::plan const& p) : p_(p) {
        for (std::size_t i = 0; i < p.specs.size(); ++i) waits_.emplace_back();
        for (std::size_t i = 0; i < p.specs.size(); ++i) {
            for (auto const& each : p.specs[i].dependents) {
                check(each.spec > i, "a task comes after those it needs");
                check(p.specs[each.spec].scope == p.specs[i].scope, "needs are within a scope");
                waits_[each.spec].emplace_back(i, each.on);
            }
        }
        for (std::size_t i = 0; i < p.specs.size(); ++i) {
            check(waits_[i].size() == p.specs[i].needs, "the needs of " + p.specs[i].name + " are counted");
            std::set<std::pair<std::size_t, frond::trigger>> const once(waits_[i].begin(), waits_[i].end());
            check(once.size() == waits_[i].size(), "a need counts once");
        }
        for (std::size_t scope = 0; scope < p.scopes.size(); ++scope) check_layout(scope);
        for (auto const& input : p.inputs) made_.insert(address_of(0, input.where));
        run(0);
        for (auto const& output : p.outputs) check(made_.count(address_of(0, output.where)) != 0, "outputs are made");
    }

    /// What went wrong; empty if nothing did.
    std::string const& failure() const noexcept { return failure_; }

private:
    // Of a block or a parameter, by its scope; and the offset in it.
    struct address {
        std::size_t scope;
        std::uint32_t base;
        std::uint32_t offset;
        auto operator<=>(address const&) const = default;
    };

    // The address of what a scope sees at a place.
    address address_of(std::size_t scope, frond::place where) const {
        while (where.base >= frond::plan_scope::first_outer_base) {
            auto const& outer = p_.scopes[scope].outer_bases;
            where.base = outer.at(where.base - frond::plan_scope::first_outer_base);
            scope = p_.scopes[scope].parent;
        }
        return {scope, where.base, where.offset};
    }
    address in_block(std::size_t scope, std::uint32_t offset) const {
        return {scope, frond::plan_scope::block_base, offset};
    }

    void check(bool holds, std::string const& what) {
        if (!holds && failure_.empty()) failure_ = what;
    }

    // ---- nothing lies over anything else

    void check_layout(std::size_t scope) {
        auto const& of = p_.scopes[scope];
        std::map<std::size_t, std::size_t> parts;  // where they begin and end
        auto const add = [&](std::size_t at, std::size_t size, std::size_t align) {
            check(at % align == 0, "values are aligned");
            check(at + size <= of.block_size, "values are inside the block");
            check(align <= of.block_align, "the block is aligned for all in it");
            check(parts.emplace(at, at + size).second, "values lie apart");
        };
        for (auto const& value : of.values) {
            if (value.type != nullptr) add(value.offset, value.type->size, value.type->align);
            if (value.type == nullptr) add(value.offset, value.list->size, value.list->align);
        }
        for (auto const id : of.specs) {
            for (auto const& step : p_.specs[id].steps) {
                if (step.body->state_size != 0) add(step.state_offset, step.body->state_size, step.body->state_align);
            }
        }
        for (auto const& inner : p_.scopes) {
            if (!inner.expander_node || inner.parent != scope) continue;
            for (auto const& sink : inner.sinks) {
                if (frond::streams(sink.how)) add(sink.target, sizeof(void*), alignof(void*));
            }
        }
        std::size_t end = 0;
        for (auto const& [begin, stop] : parts) {
            check(begin >= end, "values lie apart");
            end = stop;
        }
    }

    // ---- nothing waits for ever

    struct progress {
        std::set<std::size_t> begun, ended, finished;
    };

    void run(std::size_t scope) {
        progress at;
        for (bool moved = true; moved;) {
            moved = false;
            for (auto const id : p_.scopes[scope].specs) {
                if (at.begun.count(id) == 0 && met(id, at)) moved = begin(id, at);
                if (at.begun.count(id) != 0 && at.ended.count(id) == 0 && streams_over(id, at)) {
                    moved = true;
                    at.ended.insert(id);
                    for (auto const& step : p_.specs[id].steps) {
                        if (!p_.specs[id].opens) made_.insert(address_of(scope, step.value));
                    }
                }
                if (p_.specs[id].opens && at.ended.count(id) != 0 && at.finished.count(id) == 0 && read(id, at)) {
                    moved = true;
                    at.finished.insert(id);
                    for (auto const& sink : p_.scopes[*p_.specs[id].opens].sinks) {
                        if (!frond::streams(sink.how)) made_.insert(in_block(scope, sink.target));
                    }
                }
            }
        }
        for (auto const id : p_.scopes[scope].specs) {
            check(at.ended.count(id) != 0, p_.specs[id].name + " waits for ever");
            check(!p_.specs[id].opens || at.finished.count(id) != 0,
                  "the expansion of " + p_.specs[id].name + " never ends");
        }
    }

    bool met(std::size_t id, progress const& at) const {
        return std::all_of(waits_[id].begin(), waits_[id].end(), [&](auto const& wait) {
            switch (wait.second) {
                case frond::trigger::opened: return at.begun.count(wait.first) != 0;
                case frond::trigger::finished: return at.finished.count(wait.first) != 0;
                case frond::trigger::ended: return at.ended.count(wait.first) != 0;
            }
            return false;
        });
    }

    bool begin(std::size_t id, progress& at) {
        auto const& spec = p_.specs[id];
        at.begun.insert(id);
        auto const before = made_;
        for (auto const& step : spec.steps) {
            for (auto const& place : step.arguments) {
                check(made_.count(address_of(spec.scope, place)) != 0,
                      "an argument of " + p_.graph[step.node].name + " is made");
            }
            if (!spec.opens) made_.insert(address_of(spec.scope, step.value));  // for the steps that follow
        }
        made_ = before;
        if (spec.opens) open(*spec.opens);
        return true;
    }

    // The earliest that a child may run.
    void open(std::size_t inside) {
        auto const& scope = p_.scopes[inside];
        auto const outside = made_;
        made_.insert({inside, frond::plan_scope::parameter_base, 0});
        run(inside);
        for (auto const& sink : scope.sinks) {
            for (auto const& part : sink.parts) {
                check(made_.count(address_of(inside, part.from)) != 0, "what a child gives is made");
            }
        }
        made_ = outside;
        for (auto const& sink : scope.sinks) {
            if (frond::streams(sink.how)) made_.insert(in_block(scope.parent, sink.target));
        }
    }

    bool reads(std::size_t id, std::size_t expand) const {
        auto const& scope = p_.scopes[*p_.specs[expand].opens];
        for (auto const& sink : scope.sinks) {
            if (!frond::streams(sink.how)) continue;
            for (auto const& step : p_.specs[id].steps) {
                for (auto const& place : step.arguments) {
                    if (address_of(p_.specs[id].scope, place) == in_block(scope.parent, sink.target)) return true;
                }
            }
        }
        return false;
    }
    // All that it streams is over.
    bool streams_over(std::size_t id, progress const& at) const {
        return std::all_of(waits_[id].begin(), waits_[id].end(), [&](auto const& wait) {
            return wait.second != frond::trigger::opened || at.finished.count(wait.first) != 0;
        });
    }
    // All that stream its children read on, so that these can end: an expander only while what it yields is read.
    bool read(std::size_t expand, progress const& at) const {
        auto const& specs = p_.scopes[p_.specs[expand].scope].specs;
        return std::all_of(specs.begin(), specs.end(), [&](std::size_t id) {
            return !reads(id, expand) || (at.begun.count(id) != 0 && (!p_.specs[id].opens || read(id, at)));
        });
    }

    frond::plan const& p_;
    std::vector<std::vector<std::pair<std::size_t, frond::trigger>>> waits_;  // by spec
    std::set<address> made_;
    std::string failure_;
};
