// The instances of a run that are under way: the run itself and each child of several tasks, with their expansions, and
// the ways that led to what has ended in them.
//
// A child of one task needs no instance: its way is made where its expansion asks for the child that ended last.
#pragma once

#include "expansion_gaps.hpp"
#include "open_table.hpp"
#include "plan_facts.hpp"
#include "way.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace frond::hooks::detail {

/// The children of one expander's task.
struct live_expansion {
    bool begun = false;
    task_mark expander;
    time_point from{};
    way before;  // the expander's
    bool cut = false;
    expansion_gaps gaps;

    /// The child's task that ended last.
    struct {
        bool any = false;
        task_mark task;
        time_point from{};
        time_point to{};
        way made;  // its way; null: it is the child's only task, and `yielded` says where it came from
        yield_mark yielded;
    } last;
};

struct live_instance {
    explicit live_instance(scope_facts const& of) : ended(of.specs), expansions(of.expansions) {}

    std::vector<way> ended;                  // by position
    std::vector<live_expansion> expansions;  // by place
    yield_mark yielded;                      // of a child
    std::size_t left = 0;                    // tasks that have not ended
};

class live_tree {
public:
    explicit live_tree(plan_facts const& of) : facts_(of), root_(of.scopes.front()) {}

    /// The instance that a task lies in; null: the only task of a child, or the instance is not known.
    live_instance* around(task_id const& task) noexcept;
    /// The same, made if need be.
    live_instance* make_around(task_id const& task);
    /// The expansion that a task's child belongs to; null: none, or it is not known.
    live_expansion* expansion_of(task_id const& task) noexcept;
    /// The children of an expander's task; null: they are not known.
    live_expansion* children_of(task_id const& expander) noexcept;

    /// The expander has begun.
    void begin(task_id const& expander, time_point now);
    /// What an expander has waited for by the time that it yields; null unless it reads streams.
    way before_yield(task_id const& expander, time_point now);
    /// A task has ended. `yielded` is known of the first task of its child.
    void end(task_id const& task, time_point from, time_point to, yield_mark yielded);

    /// When the last child ended that a collector collects from, `to` at the latest.
    std::optional<time_point> last_child(task_id const& collector, time_point to) noexcept;
    /// True if an expansion that a collector collects from has not ended, as far as the events tell.
    bool has_more(task_id const& collector) noexcept;
    /// The way to the task that ended last.
    way longest() const;

private:
    /// Calls `act` for each expansion that a collector collects from.
    template <class Act>
    void each_collected(task_id const& collector, Act act) noexcept;

    // What a task has waited for, and whether that is all.
    struct origin {
        way before;
        bool cut = false;
    };
    origin origin_of(task_id const& task, live_instance* in, time_point from, time_point to);
    static way way_of_last(live_expansion& of, time_point to);
    static way expander_until(live_expansion const& of, yield_mark const& mark);
    static way way_of_over(live_expansion& of, way const& ended, time_point to);

    plan_facts const& facts_;
    live_instance root_;
    open_table<std::unique_ptr<live_instance>> children_{std::size_t{1} << 14};
};

}  // namespace frond::hooks::detail
