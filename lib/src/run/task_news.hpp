// Tells hooks about one task of an instance.
#pragma once

#include "event_record.hpp"
#include "frond/run/event.hpp"
#include "frond/run/hook_moment.hpp"
#include "instance.hpp"
#include "run_core.hpp"
#include "task_end.hpp"

namespace frond {

/// The event that interceptors are given. Errors: throws std::bad_alloc.
task_event event_of(instance const& in, task_spec const& spec);
/// One record; spec, index, total and time are filled in. No effect where no hook listens.
void tell_task(instance const& in, task_spec const& spec, event_record record, event_detail detail) noexcept;
void tell_task_listened(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                        error const* failure) noexcept;
inline void tell_task(instance const& in, task_spec const& spec, hook_moment moment, task_state state,
                      error const* failure = nullptr) noexcept {
    if (in.run.news.tells(moment)) tell_task_listened(in, spec, moment, state, failure);
}
/// The beginning or the end of a node of a task, or of an attempt at it.
void tell_node(instance const& in, task_spec const& spec, plan_step const& step, hook_moment moment,
               task_state state = task_state::running, error const* failure = nullptr,
               std::uint32_t attempt = 1) noexcept;
/// How a task has ended, by after_task or after_return.
inline void tell_end(instance const& in, task_spec const& spec, task_end const& end, hook_moment moment) noexcept {
    tell_task(in, spec, moment, end.state(), end.failure());
}

}  // namespace frond
