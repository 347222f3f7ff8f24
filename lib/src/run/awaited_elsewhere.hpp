// The error of an interceptor that awaits `next()` in a coroutine outside its task.
#pragma once

#include "frond/base/error.hpp"

namespace frond {

/// Throws bad_result (node_failed).
[[noreturn]] inline void throw_awaited_elsewhere() {
    throw bad_result(
        error(errc::node_failed,
              "an interceptor awaits next() in a coroutine that runs by itself, as spawn and co_spawn make "
              "them; await it in around_node or around_task, or in an async that these await"));
}

}  // namespace frond
