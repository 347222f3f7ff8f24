// Which child or task an event is of, as a number: the same for all events of it, and for no others.
#pragma once

#include "frond/run/event.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace frond::hooks::detail {

/// 128 bits of a hash over the indices of the children around, and what the caller adds: that two of those that are
/// remembered at once are the same is not going to happen.
struct identity {
    std::uint64_t low = 0x9e3779b97f4a7c15;
    std::uint64_t high = 0xc2b2ae3d27d4eb4f;

    /// Two numbers added to the same never give the same.
    void add(std::uint64_t number) noexcept {
        low = std::rotl((low ^ number) * 0x9fb21c651e98df25, 31);
        high = std::rotl((high + number) * 0xd6e8feb86659fd93, 29);
    }
    friend bool operator==(identity const&, identity const&) = default;
};

/// Of a child in `scope`, by its index and the children around it, outermost last.
inline identity child_identity(std::size_t scope, std::uint64_t index, child_path const* around) noexcept {
    identity made;
    made.add(scope);
    made.add(index);
    for (; around != nullptr; around = around->enclosing.get()) made.add(around->index);
    return made;
}

/// Of a child that an expander has yielded.
inline identity child_identity(std::size_t scope, std::uint64_t index, task_id const& expander) noexcept {
    identity made;
    made.add(scope);
    made.add(index);
    if (expander.index) made.add(*expander.index);
    for (auto const* around = expander.enclosing.get(); around != nullptr; around = around->enclosing.get()) {
        made.add(around->index);
    }
    return made;
}

inline identity task_identity(identity child, std::size_t spec) noexcept {
    child.add(spec);
    return child;
}

}  // namespace frond::hooks::detail
