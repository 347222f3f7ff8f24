// Makes the events that a hook is told of from the records that the run has noted.
//
// One maker serves one batch: the fields that all events of a batch share are made once,
// so an event costs its hook little.
#pragma once

#include "event_record.hpp"
#include "frond/run/detail/told_children.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "observed_run.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace frond {

/// One event for a hook, of the type that belongs to the moment; null if there are no more.
struct made_event {
    hook_moment moment{};
    void const* event = nullptr;
    bool children = false;  // the event stands for many children: `event_maker::children` gives them
};

class event_maker {
public:
    event_maker(observed_run const& run, event_batch const& batch, any_hook const& hook) noexcept
        : run_(run),
          batch_(batch),
          wanted_(hook.listens()),
          at_once_(detail::children_teller(hook).possible()),
          parameters_(hook.policy().parameters()) {}

    /// How many events a batch has for a hook that listens to `wanted`.
    static std::size_t count(plan const& of, event_batch const& batch, hook_moments wanted) noexcept;

    /// The next event, which lives until the next call; null when all have been made.
    /// Errors: throws std::bad_alloc; the event is left out then, or comes later.
    made_event next() { return children_left_ != 0 ? next_of_child() : next_of_record(); }

    /// The children that the last event of `next` stands for. The arguments are fields of told_children.
    /// Requires: the last `made_event` has `children`.
    detail::told_children children(fiber const& by, void* owner, void (*threw)(void*) noexcept) noexcept {
        assert(at_once_ && children_left_ != 0);
        std::uint64_t const first = children_end_ - std::exchange(children_left_, 0U);
        return {task_, by, owner, threw, first, children_end_, ends_};
    }
    std::size_t events_of_child() const noexcept { return parts_.size(); }

private:
    /// One of the events of a child that went well.
    struct child_part {
        hook_moment moment;
        task_state state;
        std::uint32_t node;
    };

    made_event next_of_child() {
        child_part const part = parts_[part_];
        task_.id.index = children_end_ - children_left_;
        task_.state = part.state;
        if (ends_ != nullptr) task_.time = part.state == task_state::running ? began_ : *ends_;
        made_event const made{part.moment, part.node == event_record::none ? &task_ : make_node(part.node)};
        if (++part_ == parts_.size()) {
            part_ = 0;
            --children_left_;
            if (ends_ != nullptr) began_ = *ends_++;
        }
        return made;
    }
    void place(task_id& id, event_record const& record) const;
    void place_expander(task_id& id, event_record const& record) const;
    void make_task(event_record const& record);
    void const* make(event_record const& record);
    template <class Event>
    Event& begin(event_record const& record);
    made_event next_of_record();
    void begin_children(event_record const& record);
    void const* make_node(std::uint32_t node);

    observed_run const& run_;
    event_batch const& batch_;
    hook_moments const wanted_;
    bool const at_once_;               // the hook is told of many children in one call
    bool const parameters_;            // the hook wants copies of the yielded parameters
    std::size_t record_ = 0;           // the next record
    std::uint32_t children_left_ = 0;  // children of the record before, of which the hook is not told yet
    std::uint64_t children_end_ = 0;   // the index after the last of these children
    std::vector<child_part> parts_;    // the events of each of these children, in order
    time_point began_{};               // when the next child began
    time_point const* ends_ =
        nullptr;            // the ends of the next child and of the children after it; null: all have one time
    std::size_t part_ = 0;  // the next event of the next child, in parts_
    task_event task_;       // kept from record to record, since most events are of tasks
    std::variant<std::monostate, node_event, yield_event, expansion_event, not_started_event, stream_growth_event,
                 progress_event, retry_event>
        other_;
};

}  // namespace frond
