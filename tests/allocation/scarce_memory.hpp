// The allocations of this program, in a window that a scenario opens: counted, and refused from a point on or at a point alone.
//
// Thread: any.
#pragma once

#include <cstddef>

namespace scarce {

/// The allocations that are refused, by their number in the window, from 1 on.
enum class refused {
    none,
    one,          // the allocation `point`
    all_further,  // the allocation `point` and all after it
};

void plan(refused what, std::size_t point) noexcept;

/// The window: allocations are counted, and may be refused, while it is open. Opening an open one has no effect.
void open() noexcept;
void close() noexcept;
bool is_open() noexcept;

/// Makes something of the user's own outside the window, such as a strand, whose making ends the program where memory is scarce.
template <class Make>
auto outside(Make make) {
    bool const was_open = is_open();
    close();
    auto made = make();
    if (was_open) open();
    return made;
}

/// How many allocations were asked for in the window.
std::size_t asked() noexcept;
/// How many allocations of the program live.
long alive() noexcept;

}  // namespace scarce
