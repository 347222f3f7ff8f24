#include "frond/run/event.hpp"

namespace frond {

// "expand-file.3.expand-chunk.7.block-chunk": each enclosing expand task with the child's index, then the spec.
std::string task_id::to_string() const {
    if (plan == nullptr) return {};
    std::vector<std::size_t> spawners;  // innermost first
    for (std::size_t scope = plan->specs[spec].scope; scope != 0; scope = plan->scopes[scope].parent) {
        spawners.push_back(plan->scopes[scope].expand_spec);
    }
    std::string text;
    for (std::size_t level = 0; level < indices.size() && level < spawners.size(); ++level) {
        text.append(plan->specs[spawners[spawners.size() - 1 - level]].name);
        text.append(1, '.').append(std::to_string(indices[level])).append(1, '.');
    }
    return text.append(plan->specs[spec].name);
}

}  // namespace frond
