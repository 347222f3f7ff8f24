// The thin part of the display: what kind of thing it writes to, how large it is, and writing.
#pragma once

#include "block.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

/// Whether the environment's locale is a UTF-8 one.
bool utf8_locale() noexcept;
/// Whether lines can be drawn in place there: a terminal that can, and nobody has asked for plain output.
bool draws_in_place(int descriptor) noexcept;
/// Whether a notebook shows what is written there, and nobody has asked for plain output: Jupyter started the process, and
/// it is not a file. A command of a cell (`!program`) has a terminal, but one whose cursor nobody moves.
bool shown_in_notebook(int descriptor) noexcept;
/// The size of the terminal; 80 x 24 if it does not say.
look screen_of(int descriptor) noexcept;

enum class patience {
    none,  // whatever cannot be written at once is left out
    a_second,
};

/// Writes to a terminal, a pipe or a file. What was begun is ended, lest half a sequence stays behind: the rest that there
/// was no room for comes before what is written next.
class output {
public:
    explicit output(int descriptor) noexcept;
    ~output();
    output(output const&) = delete;
    output& operator=(output const&) = delete;

    /// False if nothing of it was written, nor will be: it would have had to wait, or nobody reads there any more.
    /// Errors: throws std::bad_alloc.
    bool write(std::string_view bytes, patience how);
    int descriptor() const noexcept { return descriptor_; }

private:
    std::size_t write_some(std::string_view bytes, int milliseconds) noexcept;

    int descriptor_;
    int own_ = -1;  // of the same terminal, but one that does not block; -1: there is none
    std::string rest_;
};

}  // namespace frond::hooks::detail
