// Where bodies that block run unless the plan names an executor for them.
#pragma once

#include "frond/base/executor.hpp"

#include <memory>

namespace frond {

/// A pool of threads, shared by the whole process and made when it is first asked for. It has twice as many threads as
/// the machine has processors, since a body that blocks leaves a processor idle.
/// Errors: throws std::bad_alloc, std::system_error where there are no more threads.
std::shared_ptr<executor> blocking_executor();

}  // namespace frond
