// What a plan is asked for: the wanted outputs, overrides, the grouping, limits and executors, by the nodes' names.
//
// The typed front end fills it from functions, a program with a run-time graph from its configuration.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/executor.hpp"
#include "frond/graph/graph.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace frond {

/// Which nodes of one scope run together as one task.
enum class grouping : std::uint8_t {
    by_block,    // inside an expansion the nodes of its block; outside each node alone
    each_node,   // every node alone
    by_level,    // nodes of a scope that are equally far from its beginning
    all_as_one,  // inside and outside, as few tasks as the dependencies allow
    custom,      // by `group_of`
};

/// How often a node that fails is tried.
struct retry_rule {
    std::uint32_t attempts = 1;  // all in all
    time_span delay;             // before the second attempt; before each further one twice as long as before the last
};

struct plan_options {
    std::vector<std::string> wanted;      // the outputs, in order
    std::vector<std::string> overridden;  // nodes whose values the run is given instead

    frond::grouping grouping = frond::grouping::by_block;
    /// For `custom`: the name of a node's group. Nodes of one scope with the same group run together.
    std::function<std::string(node const&)> group_of;

    /// Children that run at once, in the whole run. A parent that waits for its own children does not count.
    std::uint32_t limit = 256;
    /// Children of one expander that are open at once, in the whole run.
    std::map<std::string, std::uint32_t> expander_limits;
    /// The same in each child that is around the expander: what is slow in one of these holds up nothing in the others.
    std::map<std::string, std::uint32_t> limits_each;
    /// Nodes that are tried again when they fail.
    std::map<std::string, retry_rule> retries;
    /// Executors of their own, for some nodes.
    std::map<std::string, std::shared_ptr<executor>> executors;
    /// Nodes whose bodies block: they run on `blocking_executor`.
    std::vector<std::string> blocking;
    std::shared_ptr<executor> blocking_executor;
    /// How many bytes the streams of a run may hold, all together, beside the room that each has from the beginning. They
    /// grow only where else everything would wait for something else for ever; what would need more fails the run.
    std::size_t stream_memory = std::numeric_limits<std::size_t>::max();
    /// After this much time on a thread a run gives its executor back.
    time_span budget = std::chrono::microseconds(500);
    /// How long a run that is over waits for its hooks before it completes. Those that are not done then are
    /// cancelled, and have as long again to end.
    time_span grace = std::chrono::seconds(1);
};

}  // namespace frond
