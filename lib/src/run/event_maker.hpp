// Makes the event that a hook is told from the record that the run has noted.
#pragma once

#include "event_record.hpp"
#include "frond/run/event.hpp"

#include <variant>

namespace frond {

class run_state;

class event_maker {
public:
    /// Errors: throws std::bad_alloc.
    event_maker(run_state const& run, event_batch const& batch, event_record const& record);

    /// The event, of the type that belongs to the record's moment.
    void const* get() const noexcept;

private:
    std::variant<task_event, yield_event, expansion_event> event_;
};

}  // namespace frond
