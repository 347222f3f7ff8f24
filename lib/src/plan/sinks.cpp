#include "sinks.hpp"

#include <algorithm>

namespace frond::detail {

namespace {

constexpr std::uint32_t none = UINT32_MAX;
constexpr std::size_t nobody = SIZE_MAX;

}  // namespace

sink_table::sink_table(selection& from, std::vector<std::string>& faults) : from_(from), faults_(faults) {
    std::size_t const size = from.of.size();
    first_.assign(size, 0);
    lists_.assign(size, none);
    result_lists_.assign(size, none);
    movers_.assign(size, nobody);
    collectors_.resize(from.scopes.size());
    parts_.resize(from.scopes.size());
    for (std::size_t node = 0; node < size; ++node) {
        first_[node] = sinks_.size();
        if (!from.runs(node)) continue;
        for (auto const& p : from.parameters(node)) {
            sinks_.push_back(collects(p.how) || feeds_back(p.how) ? add(node, p) : none);
        }
    }
    for (auto const node : from.wanted) {
        if (from.expands(node)) static_cast<void>(add(node, parameter{need::list, {node}}));
    }
    for (std::uint32_t scope = 1; scope < from.scopes.size(); ++scope) take_parts(scope);
}

// Collectors that take the same share a list; a stream and a feedback have one reader each.
std::uint32_t sink_table::add(std::size_t collector, parameter const& p) {
    std::uint32_t const scope = from_.collected_scope(p);
    std::uint32_t* known = nullptr;
    if (lists(p.how)) known = &(takes_results(p.how) ? result_lists_ : lists_)[p.nodes.front()];
    if (known != nullptr && *known != none) return *known;
    auto& sinks = from_.scopes[scope].sinks;
    auto const made = static_cast<std::uint32_t>(sinks.size());
    sinks.emplace_back().how = p.how;
    collectors_[scope].push_back(collector);
    parts_[scope].push_back(p.nodes);
    if (known != nullptr) *known = made;
    return made;
}

// A child gives to its sinks one after the other when it has ended, so the last one to take a value may move it.
void sink_table::take_parts(std::uint32_t scope) {
    auto& made = from_.scopes[scope];
    // Collectors alone decide whether a child's failure is a value; feeders do not.
    auto const all_of_collectors = [&](auto holds) {
        return std::all_of(made.sinks.begin(), made.sinks.end(),
                           [&](plan_sink const& sink) { return feeds_back(sink.how) || holds(sink.how); });
    };
    made.failures_are_values = !all_of_collectors([](need) { return false; }) && all_of_collectors(takes_results);
    for (std::size_t sink = made.sinks.size(); sink-- > 0;) {
        auto const& nodes = parts_[scope][sink];
        auto& parts = made.sinks[sink].parts;
        parts.resize(nodes.size());
        for (std::size_t i = nodes.size(); i-- > 0;) {
            node const& each = from_.of[nodes[i]];
            std::size_t const collector = collectors_[scope][sink];
            bool const last = movers_[nodes[i]] == nobody;
            parts[i].type = each.type;
            parts[i].last_use = last;
            if (each.type->move == nullptr) {
                faults_.push_back(each.name + " cannot be collected by " + from_.of[collector].name + ": its type, " +
                                  std::string(each.type->name) + ", cannot be moved");
            } else if (last) {
                movers_[nodes[i]] = collector;
            } else if (each.type->copy == nullptr && !each.type->trivial) {
                faults_.push_back(each.name + " is collected by " + from_.of[collector].name + " and by " +
                                  from_.of[movers_[nodes[i]]].name + ", but its type, " + std::string(each.type->name) +
                                  ", cannot be copied; collect it once, or in one joint stream");
            }
        }
    }
}

}  // namespace frond::detail
