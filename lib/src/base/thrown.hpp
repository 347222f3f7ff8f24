// The text of whatever was thrown, and of all that is nested in it.
#pragma once

#include <exception>
#include <string>
#include <system_error>

namespace frond {

struct thrown {
    std::string text;      // never empty
    std::error_code code;  // of a std::system_error, and of a thrown code; else zero
};

/// "outer: inner", a part for each level. Errors: throws std::bad_alloc.
thrown tell_thrown(std::exception_ptr const& what);
/// The text of what is nested in it; empty if nothing is. Errors: throws std::bad_alloc.
std::string tell_nested(std::exception_ptr const& outer);

}  // namespace frond
