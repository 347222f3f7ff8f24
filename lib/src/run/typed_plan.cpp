#include "frond/run/typed_plan.hpp"

#include "frond/run/blocking_executor.hpp"

namespace frond::detail {

result<made_plan> make_typed_plan(typed_table const& from, plan_options asked) noexcept {
    try {
        auto wired = graph::make(make_nodes(from));
        if (!wired) return std::move(wired).assume_error();
        if (!asked.blocking.empty() && asked.blocking_executor == nullptr)
            asked.blocking_executor = blocking_executor();
        auto compiled = plan::make(std::move(wired).assume_value(), std::move(asked));
        if (!compiled) return std::move(compiled).assume_error();
        made_plan made{std::move(compiled).assume_value(), std::vector<std::size_t>(from.names.size(), nowhere)};
        for (std::size_t i = 0; i < made.plan->inputs.size(); ++i) {
            for (std::size_t node = 0; node < from.names.size(); ++node) {
                if (from.names[node] == made.plan->inputs[i].name) made.input_of[node] = i;
            }
        }
        return made;
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
}

}  // namespace frond::detail
