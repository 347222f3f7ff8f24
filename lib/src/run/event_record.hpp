// What the run notes for its observers: small, and made into an event only where one is told.
#pragma once

#include "frond/run/event.hpp"
#include "frond/run/hook.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace frond {

/// The indices of the children that enclose something, outermost first.
using index_path = std::vector<std::uint64_t>;

struct event_record {
    hook_moment moment{};
    task_state state = task_state::running;
    std::uint32_t spec = 0;
    std::uint64_t index = 0;             // of the child; the total for after_expansion
    std::optional<std::uint64_t> total;  // of its siblings
    time_point time{};
    std::optional<error> failure;
};

/// Records of one thread, in order, that share the place in the tree.
struct event_batch {
    std::shared_ptr<index_path const> enclosing;  // of the expansion that they are of; null outside any
    bool inside = false;                          // `index` says which child; else they are of the run itself
    std::thread::id thread;
    std::vector<event_record> records;
    hook_moment run_moment{};
    std::shared_ptr<run_event const> run;  // of run events
};

}  // namespace frond
