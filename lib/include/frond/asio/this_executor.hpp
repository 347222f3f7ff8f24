// `co_await frond::this_executor`: the Asio executor that the running task is on, to make timers and sockets with.
#pragma once

#include "frond/asio/executor.hpp"
#include "frond/base/async.hpp"
#include "frond/base/error.hpp"
#include "frond/base/fiber.hpp"

#include <coroutine>

namespace frond {

struct this_executor_t {
    constexpr this_executor_t() noexcept = default;
};
/// Errors: throws bad_result (not_supported) on an executor that is not Asio's, such as a test's.
inline constexpr this_executor_t this_executor;

namespace detail {

/// The Asio executor that a fiber is at home on. Errors: throws bad_result (not_supported) if it is at home on another kind.
inline asio_executor_base& asio_home_of(fiber const& of) {
    if (auto* const home = dynamic_cast<asio_executor_base*>(&of.home())) return *home;
    throw bad_result(
        error(std::make_error_code(std::errc::not_supported), "the task does not run on an Asio executor"));
}

class this_executor_awaiter {
public:
    this_executor_awaiter() noexcept = default;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        fiber_ = frame.promise().on;
        return false;
    }
    net::any_io_executor await_resume() const { return asio_home_of(*fiber_).io_executor(); }

private:
    fiber const* fiber_ = nullptr;
};

}  // namespace detail

template <>
struct await_adaptor<this_executor_t> {
    static constexpr bool adapts = true;
    static detail::this_executor_awaiter adapt(this_executor_t) noexcept { return {}; }
};

}  // namespace frond
