// Running one of frond's coroutines by itself, on an Asio executor: `frond::spawn(executor, work(), token)`.
//
// With asio::use_awaitable as the token, an asio::awaitable awaits ours; with asio::use_future, of <asio/use_future.hpp>, a plain thread does.
#pragma once

#include "frond/asio/executor.hpp"
#include "frond/base/async.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/fiber.hpp"
#include "frond/base/result.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace frond {

namespace detail {

/// A coroutine that runs by itself and ends with a handler. Owns itself while it runs.
template <class T, class Executor, class Handler>
class spawned {
public:
    spawned(Executor on, async<T>&& body, Handler&& handler)
        : executor_(on),
          guard_(on),
          handler_guard_(net::get_associated_executor(handler, on)),
          fiber_(*this, executor_),
          body_(std::move(body)),
          handler_(std::move(handler)) {}

    void start() {
        auto slot = net::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) {
            // The emission comes on the handler's executor, the end on ours: they meet in something of their own.
            canceller_ = std::make_shared<canceller>();
            canceller_->target = &fiber_;
            slot.assign([to = canceller_](net::cancellation_type) {
                std::lock_guard const guard(to->mutex);
                if (to->target != nullptr) to->target->cancel();
            });
        }
        executor_.post(begin_);
    }

private:
    struct own_fiber : fiber {
        own_fiber(spawned& owner, executor& home) noexcept
            : fiber(home, [](fiber& self) noexcept { static_cast<own_fiber&>(self).of.ended(); }), of(owner) {}
        spawned& of;
    };
    void run() noexcept {
        if (fiber_.run(body_->start_on(fiber_))) ended();
    }
    void ended() noexcept {
        if (canceller_ != nullptr) {
            std::lock_guard const guard(canceller_->mutex);
            canceller_->target = nullptr;
        }
        std::optional<result<T>> outcome;
        try {
            if constexpr (std::is_void_v<T>) {
                body_->take();
                outcome.emplace(boost::outcome_v2::in_place_type<void>);
            } else {
                outcome.emplace(body_->take());
            }
        } catch (...) {
            outcome.emplace(error::from_exception(std::current_exception()));
        }
        body_.reset();
        auto handler = std::move(handler_);
        auto const guard = std::move(handler_guard_);
        delete this;
        net::post(guard.get_executor(), [handler = std::move(handler), value = std::move(*outcome)]() mutable {
            auto slot = net::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.clear();
            std::move(handler)(std::move(value));
        });
    }

    struct canceller {
        std::mutex mutex;
        fiber* target = nullptr;
    };

    asio_executor<Executor> executor_;
    net::executor_work_guard<Executor> guard_;
    net::executor_work_guard<net::associated_executor_t<Handler, Executor>> handler_guard_;
    std::shared_ptr<canceller> canceller_;  // null where nobody can cancel
    own_fiber fiber_;
    calls<work, &spawned::run> begin_{*this};
    std::optional<async<T>> body_;
    Handler handler_;
};

template <class T, class Executor>
class spawn_initiation {
public:
    explicit spawn_initiation(Executor on) : on_(std::move(on)) {}

    template <class Handler>
    void operator()(Handler&& handler, async<T> body) const {
        auto* const made =
            new spawned<T, Executor, std::decay_t<Handler>>(on_, std::move(body), std::forward<Handler>(handler));
        made->start();
    }

private:
    Executor on_;
};

}  // namespace detail

/// Runs a coroutine on an executor. Completes with `void(result<T>)`; a cancellation is passed on to what it awaits.
template <class T, class Executor, class Token>
auto spawn(Executor const& on, async<T> body, Token&& token) {
    return net::async_initiate<Token, void(result<T>)>(detail::spawn_initiation<T, Executor>(on), token,
                                                       std::move(body));
}

}  // namespace frond
