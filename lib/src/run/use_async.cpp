#include "frond/asio/use_async.hpp"

#include "frond/base/error.hpp"

namespace frond::detail {

void throw_dropped() {
    throw bad_result(error(errc::abandoned, "an operation let go of its completion handler without calling it"));
}

}  // namespace frond::detail
