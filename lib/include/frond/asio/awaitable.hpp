// asio::awaitable among frond's coroutines: they may await one, and a node's body may be one.
//
// Its own frames are Asio's: what frond promises of memory and depth ends there.
#pragma once

#include "frond/asio/this_executor.hpp"
#include "frond/asio/use_async.hpp"
#include "frond/base/async.hpp"
#include "frond/graph/signature.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

template <class T>
net::awaitable<void> store_value(net::awaitable<T> body, std::optional<T>& value) {
    value.emplace(co_await std::move(body));
}

/// Awaits a foreign coroutine on the Asio executor of the awaiting task.
template <class T>
async<T> await_foreign(net::awaitable<T> body) {
    auto const executor = co_await this_executor;
    if constexpr (std::is_void_v<T>) {
        auto spawned = net::co_spawn(executor, std::move(body), use_async);
        co_await spawned;
    } else {
        std::optional<T> value;  // co_spawn itself asks for a T that can be made from nothing
        auto stored = store_value(std::move(body), value);
        auto spawned = net::co_spawn(executor, std::move(stored), use_async);
        co_await spawned;
        co_return std::move(*value);
    }
}

}  // namespace detail

template <class T>
struct await_adaptor<net::awaitable<T>> {
    static constexpr bool adapts = true;
    static async<T> adapt(net::awaitable<T>&& body) { return detail::await_foreign(std::move(body)); }
};

template <class T>
struct node_return<net::awaitable<T>> {
    static constexpr return_form form = return_form::coroutine;
    using value = typename node_return<T>::value;
    static async<T> adapt(net::awaitable<T>&& body) { return detail::await_foreign(std::move(body)); }
};

}  // namespace frond
