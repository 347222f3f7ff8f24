// How the rest of a run makes the tasks of an instance go on: `starter` does it, above what it starts.
#pragma once

#include "limits.hpp"
#include "task_end.hpp"

namespace frond {

class instance;

/// Each function runs what is ready, and all that becomes ready by it, on this thread, or gives it to others. Each
/// gives true if every task of the instance has ended: then, and only then, the instance is the caller's; else it may
/// be gone. Thread: any.
class task_flow {
public:
    /// The tasks that need nothing start.
    virtual bool begin(instance& in, slot_credit& credit) const noexcept = 0;
    /// A task that was suspended has ended. `told`: hooks know already.
    virtual bool task_ended(instance& in, task_spec const& spec, task_end const& end, slot_credit& credit,
                            bool told) const noexcept = 0;
    /// A task that waited for a slot has got one, in `credit`.
    virtual bool got_slot(instance& in, task_spec const& spec, slot_credit& credit) const noexcept = 0;
    /// The expansion that `spec` opened is over.
    virtual bool expansion_over(instance& in, task_spec const& spec, task_state state,
                                slot_credit& credit) const noexcept = 0;

protected:
    ~task_flow() = default;
};

}  // namespace frond
