// Makes the events that a hook is told from the records that the run has noted.
//
// One maker serves a batch: what its events share is made once, so an event costs its hook little.
#pragma once

#include "event_record.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/told_children.hpp"
#include "observed_run.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace frond {

/// What a hook is to be told: the event is of the type that belongs to the moment. Null: nothing.
struct made_event {
    hook_moment moment{};
    void const* event = nullptr;
    bool children = false;  // many, which `event_maker::children` gives
};

class event_maker {
public:
    event_maker(observed_run const& run, event_batch const& batch, any_hook const& hook) noexcept
        : run_(run),
          batch_(batch),
          wanted_(hook.listens()),
          at_once_(hook.tells_children()),
          parameters_(hook.policy().parameters()) {}

    /// How many events a batch has for a hook.
    static std::size_t count(plan const& of, event_batch const& batch, hook_moments wanted) noexcept;

    /// The next event, until the next call; null when all have been made.
    /// Errors: throws std::bad_alloc; an event is left out then, or comes later.
    made_event next() { return children_left_ != 0 ? next_of_child() : next_of_record(); }

    /// Those that `next` gave at once. The other arguments are told_children's.
    detail::told_children children(fiber const& by, void* owner, void (*threw)(void*) noexcept) noexcept {
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
    bool const at_once_;                // children are not told of one by one
    bool const parameters_;             // the hook wants them
    std::size_t record_ = 0;            // the next one
    std::uint32_t children_left_ = 0;   // of the record before, to be told of one by one
    std::uint64_t children_end_ = 0;    // the index after the last one's
    std::vector<child_part> parts_;     // of each of them, in order
    time_point began_{};                // the child
    time_point const* ends_ = nullptr;  // of the child and of those after it; null: all has one time
    std::size_t part_ = 0;              // the next one
    task_event task_;                   // the frequent one, kept from record to record
    std::variant<std::monostate, node_event, yield_event, expansion_event, not_started_event, progress_event,
                 retry_event>
        other_;
};

}  // namespace frond
