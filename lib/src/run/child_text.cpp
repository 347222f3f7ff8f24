#include "child_text.hpp"

#include "frond/base/printable.hpp"

#include <cstdint>

namespace frond {

std::string child_text(task_id const& id) {
    if (!id.index) return {};
    bool keyed = id.key != nullptr;
    auto const name = [](std::uint64_t index, child_key const& key) {
        if (!key) return std::to_string(index);
        auto const part = detail::beginning(key.raw(), task_id::most_of_a_name);
        return printable(part) + (part.size() == key.raw().size() ? "" : "...");
    };
    std::string text = name(*id.index, id.key);
    for (auto const* each = id.enclosing.get(); each != nullptr; each = each->enclosing.get()) {
        keyed = keyed || each->key != nullptr;
        text.insert(0, " > ").insert(0, name(each->index, each->key));
    }
    return keyed ? text : std::string();
}

}  // namespace frond
