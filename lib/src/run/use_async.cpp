#include "frond/asio/use_async.hpp"

#include "frond/asio/detail/asio_executor_base.hpp"
#include "frond/base/error.hpp"

namespace frond::detail {

void throw_dropped() {
    throw bad_result(error(errc::abandoned, "an operation let go of its completion handler without calling it"));
}

void wake_let_go(fiber& waiting) noexcept {
    if (!waiting.home().is_gone()) {
        waiting.wake();
        return;
    }
    last_moment const now;
    waiting.wake();
}

}  // namespace frond::detail
