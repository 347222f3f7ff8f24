#include "frond/hooks/substitute.hpp"

#include "frond/plan/plan.hpp"

namespace frond::hooks::detail {

std::string not_substituted(plan const& of, std::string const& node, value_type const& by) {
    std::string const wrong = never_has_value(of, node);
    if (!wrong.empty()) return "a substitute: " + wrong;
    value_type const& type = *of.graph[*of.graph.find(node)].type;
    if (type == by) return {};
    return "a substitute: the value of " + node + " is " + std::string(type.name) + ", and " + std::string(by.name) +
           " cannot stand in for it; give " + std::string(type.name);
}

}  // namespace frond::hooks::detail
