// Lets nodes begin at no more than so many a second, for the sake of a service that they ask.
//
//     frond::hooks::rate_limit slowly(50);
//     slowly.only("fetch");
//     auto result = frond::run_blocking<total>(slowly);
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/hook.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace frond::hooks {

/// An interceptor: each attempt at a node takes a token; who finds none waits for its turn, first come, first served. The
/// wait holds the task's slot, and a cancellation ends it.
/// Thread: any number of runs, at once too; they share the tokens. `only` comes before the first of them.
class rate_limit {
public:
    /// `burst`: how many tokens are there at most when nobody has asked for a while; at least 1.
    /// Errors: throws std::invalid_argument unless the rate is positive and finite and the burst at least 1.
    explicit rate_limit(double per_second, unsigned burst = 1);

    /// Limits a node of this name, and others that are named; without any name all nodes are limited. A run in which no
    /// node has the name is refused.
    rate_limit& only(std::string node);

    std::string check_plan(plan const& of) const;
    async<void> around_node(node_call& call);

private:
    duration next_wait(time_point now);
    bool limits(std::string const& node) const;

    duration interval_;
    duration burst_;  // how far behind `next_` may be
    std::vector<std::string> only_;
    std::mutex mutex_;                // guards what follows
    std::optional<time_point> next_;  // when the next token is there; none: nobody has asked
};

}  // namespace frond::hooks
