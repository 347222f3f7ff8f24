// asio::awaitable among frond's coroutines: they may await one, and a node's body may be one.
//
// Its own frames are Asio's: what frond promises of memory and depth ends there.
#pragma once

#include "frond/asio/detail/context_executor.hpp"
#include "frond/asio/spawn.hpp"
#include "frond/asio/this_executor.hpp"
#include "frond/asio/use_async.hpp"
#include "frond/base/async.hpp"
#include "frond/graph/detail/signature.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

template <class T>
net::awaitable<void> store_value(net::awaitable<T> body, std::optional<T>& value) {
    value.emplace(co_await std::move(body));
}

/// Spawns a foreign coroutine on a strand of its own. Its steps and what cancels it must not meet, and only there do they
/// come one at a time.
struct spawn_on_strand {
    template <class Handler>
    void operator()(Handler&& handler, net::any_io_executor on, net::awaitable<void> body) const {
        auto const strand = net::make_strand(std::move(on));
        // A body awaits, so its task is alive.
        void* const task = net::get_associated_executor(handler).of().context;
        auto const signal = std::make_shared<net::cancellation_signal>();
        net::get_associated_cancellation_slot(handler).assign(
            [signal, strand](net::cancellation_type how) { net::post(strand, [signal, how] { signal->emit(how); }); });
        net::co_spawn(context_executor(strand, task), std::move(body),
                      net::bind_cancellation_slot(signal->slot(), [signal, handler = std::forward<Handler>(handler)](
                                                                      std::exception_ptr failure) mutable {
                          auto const home = net::get_associated_executor(handler);
                          net::dispatch(home, [handler = std::move(handler), failure = std::move(failure)]() mutable {
                              std::move(handler)(std::move(failure));
                          });
                      }));
    }
};

inline auto spawn_foreign(net::any_io_executor on, net::awaitable<void>&& body) {
    return net::async_initiate<use_async_t const, void(std::exception_ptr)>(spawn_on_strand(), use_async, std::move(on),
                                                                            std::move(body));
}

/// Awaits a foreign coroutine on the Asio executor of the awaiting task.
template <class T>
async<T> await_foreign(net::awaitable<T> body) {
    auto const executor = co_await this_executor;
    if constexpr (std::is_void_v<T>) {
        auto spawned = spawn_foreign(executor, std::move(body));
        co_await spawned;
    } else {
        std::optional<T> value;  // co_spawn itself asks for a T that can be made from nothing
        auto stored = store_value(std::move(body), value);
        auto spawned = spawn_foreign(executor, std::move(stored));
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

/// Runs an asio::awaitable as one of frond's coroutines, see spawn.
template <class T, class Executor, class Token>
auto spawn(Executor const& on, net::awaitable<T> body, Token&& token) {
    return spawn(on, detail::await_foreign(std::move(body)), std::forward<Token>(token));
}

template <class T>
struct node_return<net::awaitable<T>> {
    static constexpr return_form form = return_form::coroutine;
    using value = typename node_return<T>::value;
    static async<T> adapt(net::awaitable<T>&& body) { return detail::await_foreign(std::move(body)); }
};

}  // namespace frond
