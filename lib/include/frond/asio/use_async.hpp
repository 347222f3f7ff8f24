// `use_async`: the completion token with which frond's coroutines await any Asio operation.
//
//     std::size_t const n = co_await socket.async_read_some(buffer, frond::use_async);
//
// An error code is thrown as a system_error, an exception as itself. A cancellation of the task is passed on to the
// operation, which then mostly ends with operation_aborted; that is thrown as std::errc::operation_canceled.
// Where an operation lets go of its handler without calling it, bad_result (abandoned) is thrown.
#pragma once

#include "frond/asio/detail/fiber_executor.hpp"
#include "frond/base/async.hpp"

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>

namespace frond {

struct use_async_t {
    constexpr use_async_t() noexcept = default;
};
inline constexpr use_async_t use_async;

namespace detail {

/// Throws what an operation failed with. That it was cancelled is said by the standard's code, which a run knows: Asio's own
/// does not compare equal to it in every version, and Boost's is thrown as a type of its own.
[[noreturn]] inline void throw_failure(net_error_code const& code) {
    if (code == net::error::operation_aborted) {
        throw std::system_error(std::make_error_code(std::errc::operation_canceled));
    }
    throw net_system_error(code);
}
[[noreturn]] inline void throw_failure(std::exception_ptr const& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (net_system_error const& e) {
        if (e.code() == net::error::operation_aborted) throw_failure(e.code());
        throw;
    }
}

/// Throws bad_result (abandoned).
[[noreturn]] void throw_dropped();
/// Wakes the fiber of a frame whose operation has let go of its handler. Where the fiber's executor is gone, the frames are destroyed
/// when this returns.
void wake_let_go(fiber& waiting) noexcept;

/// The values or the error with which an operation ended. Nothing is set if the operation let go of its handler.
template <class... R>
class operation_result {
public:
    template <class... A>
    void set(A&&... values) {
        values_.emplace(std::forward<A>(values)...);
    }
    auto take() {
        if (!values_) throw_dropped();
        auto& all = *values_;
        if constexpr (sizeof...(R) == 0) {
            return;
        } else {
            using first = std::tuple_element_t<0, std::tuple<R...>>;
            if constexpr (std::is_same_v<first, net_error_code>) {
                if (std::get<0>(all)) throw_failure(std::get<0>(all));
                return rest(all, std::make_index_sequence<sizeof...(R) - 1>());
            } else if constexpr (std::is_same_v<first, std::exception_ptr>) {
                if (std::get<0>(all)) throw_failure(std::get<0>(all));
                return rest(all, std::make_index_sequence<sizeof...(R) - 1>());
            } else if constexpr (sizeof...(R) == 1) {
                return std::move(std::get<0>(all));
            } else {
                return std::move(all);
            }
        }
    }

private:
    template <std::size_t... I>
    static auto rest(std::tuple<R...>& all, std::index_sequence<I...>) {
        if constexpr (sizeof...(I) == 0) {
            return;
        } else if constexpr (sizeof...(I) == 1) {
            return std::move(std::get<1>(all));
        } else {
            return std::make_tuple(std::move(std::get<I + 1>(all))...);
        }
    }

    std::optional<std::tuple<R...>> values_;
};

/// The operation, started when it is awaited. Lives in the awaiting frame.
template <class Initiation, class Arguments, class... R>
class async_operation : private fiber::interrupt {
public:
    async_operation(Initiation&& initiation, Arguments&& arguments)
        : fiber::interrupt(&async_operation::emit_cancellation),
          initiation_(std::move(initiation)),
          arguments_(std::move(arguments)) {}
    async_operation(async_operation&& other) noexcept(std::is_nothrow_move_constructible_v<Initiation> &&
                                                      std::is_nothrow_move_constructible_v<Arguments>)
        : fiber::interrupt(&async_operation::emit_cancellation),
          initiation_(std::move(other.initiation_)),
          arguments_(std::move(other.arguments_)) {}

    bool await_ready() const noexcept { return false; }

    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) {
        step_memory_ = std::make_unique<step_memory>();
        fiber_ = frame.promise().on;
        fiber_->step_memory = step_memory_.get();
        fiber_->suspend_at(frame);
        fiber_->interruptible(*this);
        try {
            std::apply(
                [this](auto&&... arguments) {
                    std::move(initiation_)(handler(*this), std::forward<decltype(arguments)>(arguments)...);
                },
                std::move(arguments_));
        } catch (...) {
            fiber_->uninterruptible();
            fiber_->step_memory = nullptr;
            throw;
        }
        if (phase_.exchange(phase::started, std::memory_order_acq_rel) == phase::dropped) fiber_->wake();
    }

    auto await_resume() {
        fiber_->step_memory = nullptr;
        step_memory_.reset();
        return result_.take();
    }

private:
    class handler {
    public:
        using executor_type = fiber_executor;
        using cancellation_slot_type = net::cancellation_slot;
        using allocator_type = handler_allocator<void>;

        explicit handler(async_operation& of) noexcept : of_(&of) {}
        handler(handler&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
        handler& operator=(handler&&) = delete;
        ~handler() {
            if (of_ != nullptr) of_->dropped();
        }

        executor_type get_executor() const noexcept { return executor_type(*of_->fiber_); }
        cancellation_slot_type get_cancellation_slot() const noexcept { return of_->signal_.slot(); }
        allocator_type get_allocator() const noexcept { return {}; }

        template <class... A>
        void operator()(A&&... values) {
            async_operation& of = *std::exchange(of_, nullptr);
            of.result_.set(std::forward<A>(values)...);
            of.fiber_->wake();
        }

    private:
        async_operation* of_;
    };

    // The handler is gone. An initiation that is still under way may throw: then the frame does not suspend, and must not be woken.
    void dropped() noexcept {
        fiber& waiting = *fiber_;
        if (phase_.exchange(phase::dropped, std::memory_order_acq_rel) == phase::started) wake_let_go(waiting);
    }

    static void emit_cancellation(fiber::interrupt& self) noexcept {
        static_cast<async_operation&>(self).signal_.emit(net::cancellation_type::terminal);
    }

    // Says which thread wakes the frame if the handler is let go of: the one that lets go of it, or, from within the
    // initiation, the one that initiates.
    enum class phase : std::uint8_t { initiating, started, dropped };
    struct step_memory : handler_block, frame_pool::pooled {};

    Initiation initiation_;
    Arguments arguments_;
    fiber* fiber_ = nullptr;
    std::atomic<phase> phase_{phase::initiating};
    std::unique_ptr<step_memory> step_memory_;  // while it is awaited
    net::cancellation_signal signal_;
    operation_result<R...> result_;
};

}  // namespace detail
}  // namespace frond

template <class... R>
class frond::net::async_result<frond::use_async_t, void(R...)> {
public:
    template <class Initiation, class... A>
    static auto initiate(Initiation&& initiation, frond::use_async_t, A&&... arguments) {
        using operation = frond::detail::async_operation<std::decay_t<Initiation>, std::tuple<std::decay_t<A>...>,
                                                         std::decay_t<R>...>;
        return operation(std::decay_t<Initiation>(std::forward<Initiation>(initiation)),
                         std::tuple<std::decay_t<A>...>(std::forward<A>(arguments)...));
    }
};

namespace frond::detail {

/// Puts the error code of an operation where `redirect_error` says, and passes the rest on.
template <class Handler>
class redirected_handler {
public:
    using executor_type = typename Handler::executor_type;
    using cancellation_slot_type = typename Handler::cancellation_slot_type;
    using allocator_type = typename Handler::allocator_type;

    redirected_handler(Handler&& inner, net_error_code& to) noexcept : inner_(std::move(inner)), to_(&to) {}

    executor_type get_executor() const noexcept { return inner_.get_executor(); }
    cancellation_slot_type get_cancellation_slot() const noexcept { return inner_.get_cancellation_slot(); }
    allocator_type get_allocator() const noexcept { return inner_.get_allocator(); }

    template <class... A>
    void operator()(net_error_code const& code, A&&... values) {
        *to_ = code;
        std::move(inner_)(std::forward<A>(values)...);
    }

private:
    Handler inner_;
    net_error_code* to_;
};

template <class Initiation>
class redirected_initiation {
public:
    redirected_initiation(Initiation&& inner, net_error_code& to) : inner_(std::move(inner)), to_(&to) {}

    template <class Handler, class... A>
    void operator()(Handler&& handler, A&&... arguments) && {
        std::move(inner_)(redirected_handler<std::decay_t<Handler>>(std::forward<Handler>(handler), *to_),
                          std::forward<A>(arguments)...);
    }

private:
    Initiation inner_;
    net_error_code* to_;
};

}  // namespace frond::detail

/// Of its own, since Asio's asks for the type of what is awaited before it knows the initiation.
template <class... R>
class frond::net::async_result<frond::net::redirect_error_t<frond::use_async_t>, void(frond::net_error_code, R...)> {
public:
    template <class Initiation, class... A>
    static auto initiate(Initiation&& initiation, frond::net::redirect_error_t<frond::use_async_t> token,
                         A&&... arguments) {
        using redirected = frond::detail::redirected_initiation<std::decay_t<Initiation>>;
        return async_result<frond::use_async_t, void(R...)>::initiate(
            redirected(std::decay_t<Initiation>(std::forward<Initiation>(initiation)), token.ec_), frond::use_async,
            std::forward<A>(arguments)...);
    }
};
