#include "trace_sampling.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace frond::hooks::detail {

namespace {

constexpr unsigned spacing = 16;  // as rule() says

/// At most how many events a child's tasks are shown by.
std::uint64_t events_of(plan const& of, plan_scope const& scope, bool nodes) noexcept {
    std::uint64_t sum = 0;
    for (std::uint32_t const id : scope.specs) {
        task_spec const& spec = of.specs[id];
        bool suspends = spec.purpose == purpose::expand || spec.purpose == purpose::collect;
        for (plan_step const& step : spec.steps) suspends = suspends || step.body->coroutine || step.on != nullptr;
        sum += suspends ? 3 : 1;
        if (spec.needs == 0) sum += 2;  // an arrow
        if (nodes) sum += spec.steps.size() * (suspends ? 2 : 1);
    }
    return std::max<std::uint64_t>(sum, 1);
}

/// About how many children at that depth have a rank below 2^log, and as many again for those above.
double children_shown(unsigned log, std::uint32_t depth) noexcept {
    double const all = std::ldexp(1.0, static_cast<int>(log));
    double shown = 2 * all;
    for (std::uint32_t level = 1; level < depth; ++level) shown *= std::max(std::log(all), 1.0) / level;
    return shown;
}

/// Of the children of a scope, that is: one more than the rank, all factors together; 0: it is not shown.
std::uint64_t place_if_shown(plan const& of, std::vector<unsigned> const& log, std::size_t scope,
                             child_path const* around, std::uint64_t index) noexcept {
    std::uint64_t place = 1;
    if (around != nullptr) {
        place = place_if_shown(of, log, of.scopes[scope].parent, around->enclosing.get(), around->index);
        if (place == 0) return 0;
    }
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 2;
    place = index >= most / place ? most : place * (index + 1);
    std::uint64_t const doublings = (place - 1) >> log[scope];
    if (doublings == 0) return place;
    auto const k = static_cast<unsigned>(std::bit_width(doublings)) - 1;
    std::uint64_t const step = std::uint64_t{spacing} << std::min(k, 58U);
    return index % step == 0 ? place : 0;
}

}  // namespace

trace_sampling::trace_sampling(plan const& of, std::uint64_t max_events, bool nodes) : log_(of.scopes.size(), 0) {
    for (std::size_t i = 1; i < of.scopes.size(); ++i) {
        auto const share = static_cast<double>(max_events) / static_cast<double>(of.scopes.size() - 1) /
                           static_cast<double>(events_of(of, of.scopes[i], nodes));
        while (log_[i] < 40 && children_shown(log_[i] + 1, of.scopes[i].depth) <= share) ++log_[i];
    }
}

bool trace_sampling::shows(task_id const& task) const noexcept {
    if (!task.index) return true;
    return place_if_shown(*task.plan, log_, task.of().scope, task.enclosing.get(), *task.index) != 0;
}

std::string_view trace_sampling::rule() noexcept {
    return "A child is written if the child around it is, and if its rank is below N, or its index is a multiple of "
           "16 * 2^k where its rank is from N * 2^k to N * 2^(k+1). The rank is the product of index + 1 over all "
           "levels, "
           "minus 1.";
}

}  // namespace frond::hooks::detail
