// What a thread knows of the task whose body it runs: where this_task finds it.
#pragma once

#include <cstdint>

namespace frond {

class child_notes;
class instance;
struct carried_context;
struct task_spec;

/// Belongs to the object that runs the body, and is current while the body runs. Thread: that of the body.
struct task_context {
    instance* in = nullptr;
    task_spec const* spec = nullptr;
    child_notes* notes = nullptr;  // hold events of the task back; null: none do
    std::uint32_t attempt = 1;
    carried_context* carried = nullptr;  // by interceptors, for as long as they wrap
    bool told = false;                   // the run keeps how far it is, until `told_bodies::forget`
};

}  // namespace frond
