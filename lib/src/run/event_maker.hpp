// Makes the events that a hook is told from the records that the run has noted.
//
// One maker serves a batch: what its events share is made once, so an event costs its hook little.
#pragma once

#include "event_record.hpp"
#include "frond/run/event.hpp"

#include <variant>

namespace frond {

class run_state;

class event_maker {
public:
    event_maker(run_state const& run, event_batch const& batch) noexcept : run_(run), batch_(batch) {}

    /// The event, of the type that belongs to the record's moment; until the next call.
    /// Errors: throws std::bad_alloc.
    void const* make(event_record const& record);

private:
    void place(task_id& id, event_record const& record) const;
    void place_expander(task_id& id, event_record const& record) const;
    void make_task(event_record const& record);

    run_state const& run_;
    event_batch const& batch_;
    task_event task_;  // the frequent one, kept from record to record
    std::variant<std::monostate, node_event, yield_event, expansion_event, not_started_event, progress_event,
                 retry_event>
        other_;
};

}  // namespace frond
