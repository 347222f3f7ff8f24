#include "frond/base/child.hpp"

#include "frond/base/printable.hpp"

namespace frond {

std::string child_key::to_string() const { return printable(raw()); }

}  // namespace frond
