// One line that is drawn again and again where the cursor can only go back to its beginning: in a notebook.
//
// Pure: it gives the bytes to write. There are no escape sequences in them: what was longer is overwritten by blanks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace frond::hooks::detail {

class carriage_line {
public:
    /// The bytes that put `line` in the place of that of the last time, with `above` in lines of their own before it.
    std::string redraw(std::vector<std::string> const& above, std::string const& line);
    /// Forgets what is there: the next line begins where the cursor is.
    void leave() noexcept { columns_ = units_ = 0; }

private:
    void put(std::string& bytes, std::string const& text);

    // Of what is there. Terminals overwrite columns, browsers the units of UTF-16.
    std::size_t columns_ = 0;
    std::size_t units_ = 0;
};

}  // namespace frond::hooks::detail
