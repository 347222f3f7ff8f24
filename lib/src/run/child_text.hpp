// A task's child in the words of its expanders' keys.
#pragma once

#include "frond/run/event.hpp"

#include <string>

namespace frond {

/// A task's child and the children around it, outermost first: by key, or by index where a child has no key; empty if no
/// child has a key. As it may be shown; a long key is cut as in an id. Errors: throws std::bad_alloc.
std::string child_text(task_id const& id);

}  // namespace frond
