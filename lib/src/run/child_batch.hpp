// The children that a lane has taken from an expander and not run yet: their parameters, one after the other, and their
// keys.
//
// Invariants: the parameters from `position` to `count` exist, and no other; keys are in the order of their positions.
#pragma once

#include "frond/base/expander.hpp"
#include "frond/base/value_type.hpp"
#include "frond/run/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace frond {

/// Thread: one at a time.
class child_batch {
public:
    /// Errors: throws std::bad_alloc.
    child_batch(value_type const& of_type, unsigned room);
    ~child_batch();
    child_batch(child_batch const&) = delete;
    child_batch& operator=(child_batch const&) = delete;

    std::byte* parameter(unsigned at) const noexcept { return buffer_ + at * type.size; }
    bool empty() const noexcept { return position == count; }
    /// Of the next child.
    std::uint64_t index() const noexcept { return first_index + position; }
    std::uint64_t end_index() const noexcept { return first_index + count; }
    unsigned position_of(std::uint64_t index) const noexcept { return static_cast<unsigned>(index - first_index); }
    /// Null: the child has none.
    child_key key_at(unsigned at) const noexcept;
    /// Makes the batch ready for new children. Requires: empty().
    void clear() noexcept;
    /// Destroys the parameters of the children that are left, and forgets them.
    void destroy_rest() noexcept;
    /// Moves the children from `from` on into an empty batch, and gives how many went: where memory or a move is
    /// lacking, fewer, or none.
    unsigned give_tail(unsigned from, child_batch& to) noexcept;
    /// Moves all children of another batch, which begins at 0, into this one, which is empty. Errors: throws what
    /// moving a parameter throws; then the children before that one are here, and the others are destroyed.
    void take(child_batch& from);

    value_type const& type;
    unsigned const capacity;
    unsigned position = 0;  // the next child
    unsigned count = 0;
    std::uint64_t first_index = 0;             // of the child at 0
    std::vector<detail::keyed_position> keys;  // of the children that have one

private:
    std::byte* buffer_;
};

}  // namespace frond
