// Counts what is told of a run's tasks and children, and concludes from that what nobody tells: which tasks were skipped, and
// how each child ended.
//
// Rules:
//  (1) a task outside expansions exists once, one inside as often as its expander has yielded;
//  (2) a task that exists and never began was skipped, once the run is over;
//  (3) a child has failed if one of its tasks has, or, where failures are values, if what failed within it ended at it; it has
//      succeeded if all its tasks have; else, if it was started, it was cancelled;
//  (4) while a run goes on, the total of an expander's children is known once that of the children around it is, and each of its
//      expansions has ended or said how many there will be.
// Memory: one record for each child that has several tasks or expansions of its own, until all of them have succeeded;
// one for each expansion that has said its total and goes on.
// Thread: one.
#pragma once

#include "frond/run/event.hpp"
#include "frond/run/progress.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks::detail {

/// What a tally has to know of a plan.
struct tallied_plan {
    struct spec {
        std::string name;
        frond::purpose purpose{};
        std::size_t scope = 0;
    };
    struct scope {
        std::string expander;
        std::size_t parent = 0;  // comes first
        std::uint32_t depth = 0;
        bool failures_are_values = false;
    };
    std::vector<spec> specs;
    std::vector<scope> scopes;  // [0] is the run
};

class task_tally {
public:
    /// The children around a task, and its own child: outermost first.
    using indices = std::vector<std::uint64_t>;

    explicit task_tally(tallied_plan plan);

    tallied_plan const& plan() const noexcept { return plan_; }

    /// Of the expansion whose expander is a part of the child `at`: its child of this index.
    void yielded(std::size_t scope, indices const& at, std::uint64_t index);
    void not_started(std::size_t scope, std::uint64_t children) { scopes_[scope].not_started += children; }
    void total_said(std::size_t scope, indices const& at, std::uint64_t children);
    void expansion_ended(std::size_t scope, indices const& at, std::uint64_t children);
    void begun(std::size_t spec, indices const& at);
    void ended(std::size_t spec, indices const& at, task_state state);
    /// Nothing follows.
    void over() noexcept { over_ = true; }

    /// The counters of specs and expansions; of a run that is not over, what is known so far.
    progress counted() const;

private:
    struct child {
        std::size_t begun = 0;
        std::size_t ended = 0;
        std::size_t succeeded = 0;
        bool failed = false;
        bool timed_out = false;
        bool failed_within = false;  // a failure of its own children ended here
    };
    struct tallied_scope {
        std::size_t specs = 0;
        bool simple = true;    // its children are one task each: as that ends, so does the child
        std::size_t only = 0;  // of a simple one: that task
        std::uint64_t yielded = 0;
        std::uint64_t not_started = 0;
        std::uint64_t expansions = 0;           // whose total is known
        std::uint64_t totals = 0;               // of all these
        std::map<indices, std::uint64_t> said;  // the totals of those that go on
        counters ended;                         // children, but for those that have a record
        std::map<indices, child> children;

        void forget_what_was_said(indices const& at);
    };

    void note_failure(std::size_t scope, indices at);
    counters children_of(std::size_t scope) const;
    /// `around`: the total of the enclosing expansion, if there is one.
    std::optional<std::uint64_t> total_of(std::size_t scope, std::optional<std::uint64_t> around) const;

    tallied_plan plan_;
    std::vector<counters> specs_;  // of tasks that began
    std::vector<tallied_scope> scopes_;
    bool over_ = false;
};

}  // namespace frond::hooks::detail
