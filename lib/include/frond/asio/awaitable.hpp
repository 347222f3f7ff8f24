// asio::awaitable in frond and back: a node may be one, our coroutines may await one, and one may await ours.
#pragma once

#include "frond/asio/use_async.hpp"
#include "frond/graph/signature.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace frond {

namespace detail {

/// Awaits an asio::awaitable on the home of the awaiting coroutine's fiber.
template <class T>
async<T> await_foreign(net::awaitable<T, fiber_executor> body);

}  // namespace detail

}  // namespace frond
