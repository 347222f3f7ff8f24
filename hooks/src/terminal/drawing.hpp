// How a display writes: in place on a terminal, in one line of a notebook, or line after line into a log.
//
// Pure: it gives the bytes, and is told when they have been written. It knows no clock and no descriptor.
#pragma once

#include "block.hpp"
#include "rows.hpp"

#include "frond/base/clock.hpp"

#include <memory>
#include <string>
#include <vector>

namespace frond::hooks::detail {

class drawing {
public:
    virtual ~drawing() = default;

    /// How often each run is to be looked at.
    virtual duration between_looks() const noexcept = 0;
    /// How often what goes on is drawn, at most, however many runs that are.
    virtual duration between_draws() const noexcept = 0;
    /// True: what is said for good need not wait until the next drawing is due.
    virtual bool says_at_once() const noexcept = 0;

    /// What an ended run leaves behind.
    virtual std::vector<std::string> last_words(picture const& of, look const& on) const = 0;
    /// The bytes that say `above` for good, and below it how the runs stand.
    virtual std::string draw(std::vector<std::string> const& above, std::vector<picture const*> const& runs,
                             look const& on) = 0;
    /// The bytes of the last `draw` were written. Those that were not do not count as drawn.
    virtual void written() noexcept = 0;
    /// Others may write now.
    virtual void leave() noexcept = 0;
};

std::unique_ptr<drawing> draw_in_place();
std::unique_ptr<drawing> draw_in_a_notebook();
std::unique_ptr<drawing> draw_in_a_log();

}  // namespace frond::hooks::detail
