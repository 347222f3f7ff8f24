// What timing needs to know of a plan, looked up once: what each task waits for, and what its duration says of its thread.
#pragma once

#include "frond/plan/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace frond::hooks::detail {

/// What a thread does while a task is open.
enum class thread_use : std::uint8_t {
    busy,       // plain functions on the run's executor: from the beginning to the end
    elsewhere,  // plain functions, of which some are sent to another executor
    open,       // an expander or a coroutine: it may suspend, and events do not tell when
};

struct spec_facts {
    frond::purpose purpose{};
    thread_use use = thread_use::busy;
    std::size_t scope = 0;
    std::uint32_t position = 0;        // in its scope
    std::vector<std::size_t> needs;    // specs of the same scope
    std::optional<std::size_t> opens;  // for an expander: the scope of its children
    bool reads_streams = false;        // it begins while those that it collects from still run
};

struct scope_facts {
    std::size_t parent = 0;
    std::uint32_t depth = 0;
    std::size_t expand_spec = 0;
    std::size_t place = 0;       // of the expansion, among those of the parent
    std::size_t expansions = 0;  // how many expanders are in it
    std::size_t specs = 0;
    bool alone = true;  // its one spec is all that a child is
};

struct plan_facts {
    explicit plan_facts(plan const& of);

    std::vector<spec_facts> specs;
    std::vector<scope_facts> scopes;
};

}  // namespace frond::hooks::detail
