// Counters of a run, as the tests of the display want them.
#pragma once

#include "frond/run/progress.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace samples {

using namespace std::chrono_literals;

inline constexpr frond::time_point start = frond::time_point() + 1h;

inline frond::counters counted(std::uint64_t yielded, std::uint64_t succeeded, std::uint64_t failed = 0) {
    frond::counters made;
    made.yielded = yielded;
    made.succeeded = succeeded;
    made.failed = failed;
    return made;
}

inline frond::expansion_progress expansion(std::string name, frond::counters children, bool total_known,
                                           std::optional<std::size_t> parent = {}, std::uint32_t depth = 1) {
    frond::expansion_progress made;
    made.name = std::move(name);
    made.children = children;
    if (total_known) made.total = made.children.yielded;
    made.parent = parent;
    made.depth = depth;
    return made;
}

inline frond::spec_progress spec(std::string name, frond::counters tasks, std::optional<std::size_t> inside = {}) {
    frond::spec_progress made;
    made.name = std::move(name);
    made.tasks = tasks;
    made.expansion = inside;
    return made;
}

/// A run with one expansion: `ended` of `yielded` files.
inline frond::progress files(frond::duration after, std::uint64_t yielded, std::uint64_t ended, bool total_known) {
    frond::progress made;
    made.started = start;
    made.taken = start + after;
    made.specs = {spec("expand-file", counted(1, total_known ? 1 : 0)), spec("block-file", counted(yielded, ended), 0),
                  spec("collect-total", counted(0, 0))};
    made.expansions = {expansion("file", counted(yielded, ended), total_known)};
    return made;
}

}  // namespace samples
