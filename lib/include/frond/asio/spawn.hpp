// Running one of frond's coroutines by itself, on an Asio executor: `frond::spawn(executor, work(), token)`.
//
// With asio::use_awaitable as the token, an asio::awaitable awaits ours; with asio::use_future, of <asio/use_future.hpp>, a plain thread does.
#pragma once

#include "frond/asio/detail/fiber_executor.hpp"
#include "frond/asio/executor.hpp"
#include "frond/base/async.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/detail/final_result.hpp"
#include "frond/base/fiber.hpp"
#include "frond/base/result.hpp"
#include "frond/graph/detail/signature.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace frond {

namespace detail {

template <class T>
struct value_of_result {
    using type = T;
};
template <class T>
struct value_of_result<result<T>> {
    using type = T;
};
/// The type of the value that a spawned coroutine of T completes with: where T is a result, of that.
template <class T>
using spawn_value = typename value_of_result<T>::type;
template <class T>
using spawn_result = result<spawn_value<T>>;

/// A coroutine that runs by itself and ends with a handler. Owns itself while it runs. If the context of its executor is
/// destroyed before it has ended, its frames are destroyed, and the handler with them.
template <class T, class Executor, class Handler>
class spawned final : public context_guest, public std::enable_shared_from_this<spawned<T, Executor, Handler>> {
public:
    spawned(Executor on, async<T>&& body, Handler handler)
        : executor_(on),
          guard_(std::in_place, on),
          handler_guard_(std::in_place, net::get_associated_executor(handler, on)),
          fiber_(*this, executor_),
          body_(std::move(body)),
          handler_(std::move(handler)) {
        executor_.set_guest(*this);
        // A body that awaits the coroutine outlives it, so the coroutine may see the body's task.
        using own = typename net::associated_executor<Handler, Executor>::type;
        if constexpr (std::is_same_v<own, fiber_executor>) {
            fiber_.context = net::get_associated_executor(*handler_, on).of().context;
        }
    }
    ~spawned() { leave_context(); }

    /// Errors: throws std::bad_alloc; then nothing has been started.
    void start() {
        this->enter_context(guests_of_context(guard_->get_executor()));
        auto slot = net::get_associated_cancellation_slot(*handler_);
        if (slot.is_connected()) {
            // The emission comes on the handler's executor, the end on ours: they meet in something of their own.
            canceller_ = std::make_shared<canceller>();
            slot.assign([to = canceller_](net::cancellation_type) {
                std::lock_guard const guard(to->mutex);
                if (to->target != nullptr) to->target->cancel();
            });
            canceller_->target = &fiber_;
        }
        self_ = this->shared_from_this();
        executor_.post(begin_);
    }

private:
    struct own_fiber : fiber {
        own_fiber(spawned& owner, executor& home) noexcept
            : fiber(home, [](fiber& self) noexcept { static_cast<own_fiber&>(self).of.ended(); }), of(owner) {}
        spawned& of;
    };
    void context_ends() noexcept override {
        // See run_operation::context_ends.
        [[maybe_unused]] auto const dropped = handler_posted_ ? std::nullopt : take_handler();
        executor_.close();
        guard_.reset();
        fiber_.cancel();
        executor_.run_left_work();
    }
    std::shared_ptr<void> keep() noexcept override { return this->weak_from_this().lock(); }

    void run() noexcept {
        if (executor_.is_gone()) {
            fiber_.stop();
            if (fiber_.settle()) ended();
        } else if (fiber_.run(body_->start_on(fiber_))) {
            ended();
        }
    }
    static spawn_result<T> take(spawned& of) noexcept {
        try {
            if constexpr (std::is_void_v<T>) {
                of.body_->take();
                return spawn_result<T>(boost::outcome_v2::in_place_type<void>);
            } else if constexpr (is_result<T>::value) {
                return of.body_->take();
            } else {
                return succeeded<T>(of.body_->take());
            }
        } catch (...) {
            return failed<spawn_value<T>>(
                error::from_exception(std::current_exception()).judged(of.fiber_.cancel_requested()));
        }
    }
    void ended() noexcept {
        auto const alive = std::exchange(self_, nullptr);
        if (canceller_ != nullptr) {
            std::lock_guard const guard(canceller_->mutex);
            canceller_->target = nullptr;
        }
        if (executor_.is_gone()) {
            body_.reset();
            [[maybe_unused]] auto const dropped = take_handler();
            return;
        }
        outcome_.emplace(&spawned::take, *this);
        body_.reset();
        auto const to = handler_guard_->get_executor();
        guard_.reset();  // the handler's own executor is kept at work
        handler_posted_ = true;
        hand_in(to, handler_call(alive));
    }

    [[nodiscard]] std::optional<Handler> take_handler() noexcept {
        handler_guard_.reset();
        return std::exchange(handler_, std::nullopt);
    }

    class handler_call {
    public:
        using allocator_type = block_allocator<void>;

        explicit handler_call(std::shared_ptr<spawned> of) noexcept : memory_(of->call_memory_), of_(std::move(of)) {}
        allocator_type get_allocator() const noexcept { return allocator_type(memory_); }
        void operator()() {
            auto const guard = *std::exchange(of_->handler_guard_, std::nullopt);
            auto handler = *std::exchange(of_->handler_, std::nullopt);
            auto outcome = *std::exchange(of_->outcome_, std::nullopt);
            auto slot = net::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.clear();
            of_.reset();
            std::move(handler)(std::move(outcome.get()));
        }

    private:
        handler_block& memory_;  // Asio may ask a handler that it has moved from
        std::shared_ptr<spawned> of_;
    };

    struct canceller {
        std::mutex mutex;
        fiber* target = nullptr;
    };

    asio_executor<Executor> executor_;
    std::optional<net::executor_work_guard<Executor>> guard_;
    std::optional<net::executor_work_guard<net::associated_executor_t<Handler, Executor>>> handler_guard_;
    std::shared_ptr<canceller> canceller_;  // null where nobody can cancel
    own_fiber fiber_;
    calls<work, &spawned::run> begin_{*this};
    std::optional<async<T>> body_;
    std::optional<Handler> handler_;
    std::optional<final_result<spawn_value<T>>> outcome_;
    handler_block call_memory_;
    std::shared_ptr<spawned> self_;  // while it runs
    bool handler_posted_ = false;    // then it is called, or destroyed with its executor
};

template <class T>
inline constexpr bool is_async = false;
template <class T>
inline constexpr bool is_async<async<T>> = true;

template <class T, class Executor>
class spawn_initiation {
public:
    explicit spawn_initiation(Executor on) : on_(std::move(on)) {}

    template <class Handler>
    void operator()(Handler&& handler, async<T> body) const {
        auto const made = std::make_shared<spawned<T, Executor, std::decay_t<Handler>>>(on_, std::move(body),
                                                                                        std::forward<Handler>(handler));
        made->start();
    }

private:
    Executor on_;
};

}  // namespace detail

/// Anything else than a coroutine does not compile.
template <class Executor, class Body, class Token>
    requires(!detail::is_async<std::remove_cvref_t<Body>> &&
             node_return<std::remove_cvref_t<Body>>::form != return_form::coroutine)
void spawn(Executor const&, Body&&, Token&&) {
    static_assert(detail::is_async<std::remove_cvref_t<Body>>,
                  "frond: spawn(executor, coroutine, token) runs a frond::async<T>, or an asio::awaitable<T> where "
                  "<frond/asio.hpp> is included: call the function, and hand in what it returns");
}

/// Runs a coroutine on an executor. Completes with `void(result<T>)`, where T is a result itself with `void(T)`; a cancellation is
/// passed on to what it awaits. Where a body awaits it by use_async, `this_task` tells of the body's task in it, too.
template <class T, class Executor, class Token>
auto spawn(Executor const& on, async<T> body, Token&& token) {
    return net::async_initiate<Token, void(detail::spawn_result<T>)>(detail::spawn_initiation<T, Executor>(on), token,
                                                                     std::move(body));
}

}  // namespace frond
