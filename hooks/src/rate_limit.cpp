#include "frond/hooks/rate_limit.hpp"

#include "frond/hooks/detail/option_check.hpp"
#include "frond/run/interceptor.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace frond::hooks {

rate_limit::rate_limit(double per_second, unsigned burst) {
    if (!(per_second > 0) || !std::isfinite(per_second)) {
        throw std::invalid_argument("frond::hooks::rate_limit(" + std::to_string(per_second) +
                                    "): so many a second is a positive number");
    }
    static_cast<void>(detail::within("rate_limit: burst", burst, 1, std::numeric_limits<unsigned>::max()));
    // Once in a hundred years is as good as never, and can be counted with.
    constexpr double longest = 100.0 * 365 * 24 * 3600;
    interval_ =
        std::chrono::duration_cast<duration>(std::chrono::duration<double>(std::min(1 / per_second, longest / burst)));
    burst_ = interval_ * (burst - 1);
}

rate_limit& rate_limit::only(std::string node) {
    only_.push_back(std::move(node));
    return *this;
}

bool rate_limit::limits(std::string const& node) const {
    return only_.empty() || std::find(only_.begin(), only_.end(), node) != only_.end();
}

std::string rate_limit::check_plan(plan const& of) const {
    std::string text;
    for (auto const& each : only_) {
        std::string const wrong = never_wrapped(of, each);
        if (!wrong.empty()) text.append(text.empty() ? "a rate_limit: " : "\na rate_limit: ").append(wrong);
    }
    return text;
}

duration rate_limit::next_wait(time_point now) {
    std::lock_guard const guard(mutex_);
    time_point const saved_up = now - burst_;
    time_point const mine = next_ ? std::max(*next_, saved_up) : saved_up;
    next_ = frond::detail::later(mine, interval_);
    return std::max(mine - now, duration::zero());
}

async<void> rate_limit::around_node(node_call& call) {
    if (limits(call.event().raw_name())) {
        async<void> waiting = call.wait(next_wait(call.now()));
        co_await waiting;
    }
    async<void> inner = call.next();
    co_await inner;
}

}  // namespace frond::hooks
