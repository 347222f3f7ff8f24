#include "live_tree.hpp"

#include <algorithm>
#include <utility>

namespace frond::hooks::detail {

namespace {

bool later(way const& one, way const& other) noexcept {
    return one != nullptr && (other == nullptr || one->to > other->to);
}

}  // namespace

live_instance* live_tree::around(task_id const& task) noexcept {
    std::size_t const scope = facts_.specs[task.spec].scope;
    if (scope == 0) return &root_;
    if (facts_.scopes[scope].alone || !task.index) return nullptr;
    auto* const found = children_.find(child_identity(scope, *task.index, task.enclosing.get()));
    return found != nullptr ? found->get() : nullptr;
}

live_instance* live_tree::make_around(task_id const& task) {
    std::size_t const scope = facts_.specs[task.spec].scope;
    if (scope == 0) return &root_;
    if (facts_.scopes[scope].alone || !task.index) return nullptr;
    auto& found = children_.put(child_identity(scope, *task.index, task.enclosing.get()));
    if (found == nullptr) {
        found = std::make_unique<live_instance>(facts_.scopes[scope]);
        found->left = facts_.scopes[scope].specs;
    }
    return found.get();
}

live_expansion* live_tree::expansion_of(task_id const& task) noexcept {
    std::size_t const scope = facts_.specs[task.spec].scope;
    if (scope == 0) return nullptr;
    scope_facts const& of = facts_.scopes[scope];
    if (of.parent == 0) return &root_.expansions[of.place];
    if (task.enclosing == nullptr) return nullptr;
    auto* const found =
        children_.find(child_identity(of.parent, task.enclosing->index, task.enclosing->enclosing.get()));
    return found != nullptr ? &(*found)->expansions[of.place] : nullptr;
}

live_expansion* live_tree::children_of(task_id const& expander) noexcept {
    auto const opens = facts_.specs[expander.spec].opens;
    live_instance* const in = opens ? around(expander) : nullptr;
    return in != nullptr ? &in->expansions[facts_.scopes[*opens].place] : nullptr;
}

void live_tree::begin(task_id const& expander, time_point now) {
    live_instance* const in = make_around(expander);
    live_expansion* const opened = children_of(expander);
    if (opened == nullptr) return;
    auto from = origin_of(expander, in, now, now);
    opened->begun = true;
    opened->expander = task_mark(expander);
    opened->from = now;
    opened->before = std::move(from.before);
    opened->cut = from.cut;
    opened->gaps.begin(now);
}

way live_tree::before_yield(task_id const& expander, time_point now) {
    if (!facts_.specs[expander.spec].reads_streams) return nullptr;
    live_expansion const* const opened = children_of(expander);
    return opened != nullptr ? origin_of(expander, around(expander), opened->from, now).before : nullptr;
}

// The later of what a task's needs have ended with; without needs, its child's expander.
live_tree::origin live_tree::origin_of(task_id const& task, live_instance* in, time_point from, time_point to) {
    spec_facts const& spec = facts_.specs[task.spec];
    if (in == nullptr && !spec.needs.empty()) return {nullptr, true};
    way best;
    for (std::size_t const need : spec.needs) {
        way candidate = in->ended[facts_.specs[need].position];
        if (candidate != nullptr && candidate->to > to) candidate.reset();
        if (auto const opens = facts_.specs[need].opens) {
            live_expansion& collected = in->expansions[facts_.scopes[*opens].place];
            candidate = way_of_over(collected, candidate, to);
            if (candidate == nullptr && collected.begun) {
                candidate = expander_until(collected, {true, from, collected.gaps.alone(), nullptr});
            }
        }
        if (later(candidate, best)) best = std::move(candidate);
    }
    if (best != nullptr || spec.scope == 0) return {best, best == nullptr && !spec.needs.empty()};
    live_expansion const* const of = expansion_of(task);
    if (of == nullptr || !of->begun || in == nullptr || !in->yielded.known) return {nullptr, true};
    return {expander_until(*of, in->yielded), false};
}

way live_tree::expander_until(live_expansion const& of, yield_mark const& mark) {
    return std::make_shared<step const>(of.expander, of.from, mark.at, mark.before != nullptr ? mark.before : of.before,
                                        of.cut, mark.alone);
}

// How an expansion came to its end: by its last child, and what the expander did after that.
way live_tree::way_of_over(live_expansion& of, way const& ended, time_point to) {
    way last = way_of_last(of, to);
    if (last == nullptr || !later(ended, last)) return last != nullptr ? last : ended;
    return std::make_shared<step const>(of.expander, last->to, ended->to, last, false, ended->to - last->to);
}

// What ended after `to` is not what was waited for.
way live_tree::way_of_last(live_expansion& of, time_point to) {
    auto& last = of.last;
    if (!last.any || last.to > to) return nullptr;
    if (last.made == nullptr) {
        way before;
        bool const cut = !last.yielded.known || !of.begun;
        if (!cut) before = expander_until(of, last.yielded);
        last.made = std::make_shared<step const>(last.task, last.from, last.to, std::move(before), cut);
    }
    return last.made;
}

void live_tree::end(task_id const& task, time_point from, time_point to, yield_mark yielded) {
    spec_facts const& spec = facts_.specs[task.spec];
    live_instance* const in = around(task);
    way made;
    if (in != nullptr) {
        auto earlier = origin_of(task, in, from, to);
        duration const alone = spec.opens ? children_of(task)->gaps.alone() : duration::zero();
        made = std::make_shared<step const>(task_mark(task), from, to, std::move(earlier.before), earlier.cut, alone);
        in->ended[spec.position] = made;
    }
    live_expansion* const of = expansion_of(task);
    if (of != nullptr && (!of->last.any || to >= of->last.to)) {
        auto& last = of->last;
        last.any = true;
        last.task.become(task);
        last.from = from;
        last.to = to;
        last.made = std::move(made);
        last.yielded = std::move(yielded);
    }
    if (in != nullptr && spec.scope != 0 && --in->left == 0) {
        children_.take(child_identity(spec.scope, *task.index, task.enclosing.get()));
    }
}

template <class Act>
void live_tree::each_collected(task_id const& collector, Act act) noexcept {
    live_instance* const in = around(collector);
    if (in == nullptr) return;
    for (std::size_t const need : facts_.specs[collector.spec].needs) {
        if (auto const opens = facts_.specs[need].opens) act(in->expansions[facts_.scopes[*opens].place]);
    }
}

std::optional<time_point> live_tree::last_child(task_id const& collector, time_point to) noexcept {
    std::optional<time_point> last;
    each_collected(collector, [&](live_expansion const& of) {
        if (of.last.any) last = std::max(last.value_or(of.last.to), std::min(of.last.to, to));
    });
    return last;
}

bool live_tree::has_more(task_id const& collector) noexcept {
    bool more = false;
    each_collected(collector, [&](live_expansion const& of) { more = more || of.gaps.goes_on(); });
    return more;
}

way live_tree::longest() const {
    way best;
    auto const look_at = [&best](live_instance const& in) {
        for (way const& ended : in.ended) {
            if (later(ended, best)) best = ended;
        }
        for (live_expansion of : in.expansions) {  // a copy: what it makes is made for this once
            if (way last = way_of_last(of, time_point::max()); later(last, best)) best = std::move(last);
        }
    };
    look_at(root_);
    children_.each([&](auto const& child) { look_at(*child); });
    return best;
}

}  // namespace frond::hooks::detail
