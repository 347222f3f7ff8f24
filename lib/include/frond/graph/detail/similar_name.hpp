// Which of a graph's nodes somebody may have meant by a name that none has, for messages.
#pragma once

#include "frond/graph/node.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace frond::detail {

/// How many letters have to be put in, left out, changed or swapped with their neighbour to make one name of the other, upper and
/// lower case being the same; none if it is more than `most`, or a name is longer than any that somebody types.
std::optional<std::size_t> distance_of(std::string_view a, std::string_view b, std::size_t most) noexcept;

/// Thread: one at a time.
class name_hints {
public:
    /// `among` outlives it.
    explicit name_hints(std::span<node const> among) noexcept : among_(among) {}

    /// `; did you mean "links"?`, or nothing, if no node's name is like this one. Errors: throws std::bad_alloc.
    std::string of(std::string_view asked);

private:
    std::span<node const> among_;
    std::size_t looks_left_ = 200'000;  // at names; a large graph that is wrong all over is told of without hints
};

}  // namespace frond::detail
