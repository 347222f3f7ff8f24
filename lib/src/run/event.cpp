#include "frond/run/event.hpp"

#include "frond/base/printable.hpp"

#include <algorithm>

namespace frond {

namespace {

void append_name(std::string& text, std::string_view name) {
    auto const part = detail::beginning(name, task_id::most_of_a_name);
    text.append(part);
    if (part.size() != name.size()) text += "...";
}

void append_child(std::string& text, std::string_view spawner, std::uint64_t index, child_key const& key) {
    append_name(text, spawner);
    text.append(1, '.').append(std::to_string(index));
    if (key != nullptr) {
        text += '[';
        append_name(text, key.raw());
        text += ']';
    }
    text += '.';
}

}  // namespace

std::string_view to_string(task_state state) noexcept {
    switch (state) {
        case task_state::running: return "running";
        case task_state::succeeded: return "succeeded";
        case task_state::failed: return "failed";
        case task_state::cancelled: return "cancelled";
        case task_state::skipped: return "skipped";
        case task_state::timed_out: break;
    }
    return "timed_out";
}

std::string task_id::to_string() const { return printable(raw()); }

// Each enclosing expand task with the child's index, outermost first, then the spec.
std::string task_id::raw() const {
    if (plan == nullptr) return {};
    std::vector<child_path const*> around;  // innermost first
    for (auto const* each = enclosing.get(); each != nullptr; each = each->enclosing.get()) around.push_back(each);
    std::vector<std::string const*> spawners;  // innermost first
    for (std::size_t scope = of().scope; scope != 0; scope = plan->scopes[scope].parent) {
        spawners.push_back(&plan->specs[plan->scopes[scope].expand_spec].name);
    }
    std::string text;
    for (std::size_t level = around.size(); index && level-- > 0;) {
        append_child(text, *spawners[level + 1], around[level]->index, around[level]->key);
    }
    if (index) append_child(text, *spawners.front(), *index, key);
    append_name(text, of().name);
    return text;
}

std::vector<std::uint64_t> task_id::indices() const {
    std::vector<std::uint64_t> made;
    if (!index) return made;
    made.push_back(*index);
    for (auto const* each = enclosing.get(); each != nullptr; each = each->enclosing.get()) made.push_back(each->index);
    std::reverse(made.begin(), made.end());
    return made;
}

std::optional<task_id> task_id::spawning_task() const {
    if (!index) return std::nullopt;
    task_id made;
    made.plan = plan;
    made.spec = plan->scopes[of().scope].expand_spec;
    if (enclosing != nullptr) {
        made.enclosing = enclosing->enclosing;
        made.index = enclosing->index;
        made.key = enclosing->key;
    }
    return made;
}

std::string node_event::name() const { return printable(raw_name()); }
std::string retry_event::name() const { return printable(raw_name()); }

yielded_parameter yielded_parameter::copy_of(value_type const& type, void const* value) noexcept {
    try {
        std::unique_ptr<void, void (*)(void*)> room(::operator new(type.size), [](void* at) { ::operator delete(at); });
        type.copy(room.get(), value);
        return {type, std::shared_ptr<void const>(room.release(), [&type](void const* copy) {
                    auto* const at = const_cast<void*>(copy);
                    if (type.destroy != nullptr) type.destroy(at);
                    ::operator delete(at);
                })};
    } catch (...) {
        return {};
    }
}

}  // namespace frond
