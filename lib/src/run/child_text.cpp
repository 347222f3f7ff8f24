#include "child_text.hpp"

#include <cstdint>

namespace frond {

std::string child_text(task_id const& id) {
    if (!id.index) return {};
    bool keyed = id.key != nullptr;
    auto const name = [](std::uint64_t index, child_key const& key) { return key ? *key : std::to_string(index); };
    std::string text = name(*id.index, id.key);
    for (auto const* each = id.enclosing.get(); each != nullptr; each = each->enclosing.get()) {
        keyed = keyed || each->key != nullptr;
        text.insert(0, " > ").insert(0, name(each->index, each->key));
    }
    return keyed ? text : std::string();
}

}  // namespace frond
