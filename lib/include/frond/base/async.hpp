// async<T>: the coroutine type of node bodies and hooks. Lazy, move-only, awaited once.
//
// It may co_await another async, any Asio operation (with the completion token of frond/asio.hpp) and asio::awaitable.
// Frames are recycled; awaiting to any depth needs no stack, and neither does tearing a suspended chain down.
//
// Invariants: a frame is destroyed as soon as its awaiter has the value, and before anything of its awaiter where the awaiter is
// destroyed while it waits. So what a coroutine refers to, in the frame that awaits it, outlives it.
#pragma once

#include "frond/base/detail/frame_pool.hpp"
#include "frond/base/fiber.hpp"

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace frond {

template <class T>
class async;

/// How a foreign awaitable is awaited in an async or an expander.
/// Specialised in the headers that know the foreign type.
template <class T>
struct await_adaptor {
    static constexpr bool adapts = false;
};

namespace detail {

/// Stands for an awaiter in the expression that awaits it:
/// g++ 12 copies an awaiter that await_transform returns by reference.
template <class Awaiter>
class awaiter_reference {
public:
    explicit awaiter_reference(Awaiter& awaiter) noexcept : awaiter_(awaiter) {}

    [[gnu::always_inline]] bool await_ready() { return awaiter_.await_ready(); }
    template <class Promise>
    auto await_suspend(std::coroutine_handle<Promise> frame) {
        return awaiter_.await_suspend(frame);
    }
    // Inlined: a small optional that is returned in registers is read back wider than it was written, which stalls.
    [[gnu::always_inline]] decltype(auto) await_resume() { return static_cast<Awaiter&&>(awaiter_).await_resume(); }

private:
    Awaiter& awaiter_;  // lives until the end of the expression
};

template <class T>
class async_promise;

/// Whether a coroutine of ours can wait for it, where no adaptor knows it.
template <class Awaitable>
concept awaited_by_us = requires(Awaitable& awaitable, std::coroutine_handle<async_promise<void>> frame) {
    awaitable.await_ready();
    awaitable.await_suspend(frame);
};
template <class Awaitable>
inline constexpr bool has_co_await = requires(Awaitable&& made) {
    static_cast<Awaitable&&>(made).operator co_await();
} || requires(Awaitable&& made) { operator co_await(static_cast<Awaitable&&>(made)); };

/// Base of the promises of async and expander: the fiber that the coroutine runs on, and recycled memory for its frame.
class promise_base : public frame_pool::pooled {
public:
    union {
        fiber* on = nullptr;        // while the coroutine lives
        promise_base* next_doomed;  // while the frame waits for its destruction
    };
    std::coroutine_handle<> continuation = nullptr;  // the awaiting frame; later the frame of next_doomed
    promise_base* awaits = nullptr;                  // the async that this coroutine awaits now
    promise_base* awaited_by;                        // set, as the next one, while the coroutine is awaited
    std::coroutine_handle<>* held_by;                // the frame's handle in the async that is awaited

    std::suspend_always initial_suspend() noexcept { return {}; }

    template <class Awaitable>
    decltype(auto) await_transform(Awaitable&& awaitable) {
        using adaptor = await_adaptor<std::remove_cvref_t<Awaitable>>;
        if constexpr (adaptor::adapts) {
            return adaptor::adapt(std::forward<Awaitable>(awaitable));
        } else if constexpr (awaited_by_us<Awaitable>) {
            return awaiter_reference<std::remove_reference_t<Awaitable>>(awaitable);
        } else {
            static_assert(has_co_await<Awaitable>,
                          "frond: this cannot be awaited here: an Asio operation takes the token frond::use_async, and "
                          "asio::awaitable needs #include <frond/asio.hpp>");
            return static_cast<Awaitable&&>(awaitable);
        }
    }
};

/// Destroys a frame, after the frames that it awaits, the innermost first. A chain of frames that await each other needs no stack.
/// Of coroutines that hold each other, and have not begun, the hundredth waits until the ones around it are destroyed.
void destroy_flat(std::coroutine_handle<> frame, promise_base& promise) noexcept;

template <class Promise>
void destroy_flat(std::coroutine_handle<Promise> frame) noexcept {
    destroy_flat(frame, frame.promise());
}

/// Throws, in the place of a value, bad_result (abandoned).
[[noreturn]] void throw_unfinished();

/// The part of an async's promise that does not depend on its value.
class async_promise_base : public promise_base {
public:
    std::exception_ptr exception;

    void unhandled_exception() noexcept { exception = std::current_exception(); }

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            auto& promise = frame.promise();
            if (promise.continuation) {
                promise.on->transfer_to(promise.continuation);
            } else {
                promise.on->stop();
            }
        }
        void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }
};

template <class T>
class async_promise : public async_promise_base {
public:
    async<T> get_return_object() noexcept;
    template <class U>
        requires std::is_constructible_v<T, U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    /// Anything else does not compile.
    template <class U>
        requires(!std::is_constructible_v<T, U>)
    void return_value(U&&) {
        static_assert(
            std::is_constructible_v<T, U>,
            "frond: a frond::async<T> ends with co_return of a T, and none can be made of what is returned here");
    }
    T take() {
        if (exception) std::rethrow_exception(exception);
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class async_promise<void> : public async_promise_base {
public:
    async<void> get_return_object() noexcept;
    void return_void() noexcept {}
    void take() const {
        if (exception) std::rethrow_exception(exception);
    }
};

}  // namespace detail

template <class T>
class [[nodiscard]] async {
public:
    using value_type = T;
    using promise_type = detail::async_promise<T>;

    async(async&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    async& operator=(async&& other) noexcept {
        if (this != &other) {
            reset();
            frame_ = std::exchange(other.frame_, nullptr);
        }
        return *this;
    }
    ~async() { reset(); }

    /// Starts the coroutine on the fiber of the awaiting coroutine; gives its value or throws its exception.
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
        assert_full();
        auto& outer = awaiting.promise();
        auto& inner = promise();
        inner.continuation = awaiting;
        inner.on = outer.on;
        inner.awaited_by = &outer;
        inner.held_by = &frame_;
        outer.awaits = &inner;
        inner.on->transfer_to(frame_);
    }
    T await_resume() {
        promise().awaited_by->awaits = nullptr;
        ended const frame(*this);
        return promise().take();
    }

    /// For drivers: binds the coroutine to a fiber and gives the frame to run. The async keeps the frame.
    std::coroutine_handle<> start_on(fiber& driver) noexcept {
        assert_full();
        promise().on = &driver;
        return frame_;
    }
    /// For drivers: the frame that goes on when the coroutine has ended, in the driver's stead.
    void then(std::coroutine_handle<> continuation) noexcept { promise().continuation = continuation; }
    /// For drivers, once the frame has stopped: gives the value, or throws the exception.
    /// Errors: throws bad_result (abandoned) if the coroutine has not come to its end.
    T take() {
        if (!frame_.done()) detail::throw_unfinished();
        return promise().take();
    }

private:
    friend promise_type;
    explicit async(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    void assert_full() const noexcept {
        assert(frame_ && "an async is awaited once, and not after it has been moved from");
    }
    promise_type& promise() const noexcept {
        return std::coroutine_handle<promise_type>::from_address(frame_.address()).promise();
    }
    void reset() noexcept {
        if (!frame_) return;
        auto& ending = promise();
        detail::destroy_flat(std::exchange(frame_, nullptr), ending);
    }

    /// Destroys the frame when its value is with the awaiter.
    struct ended {
        explicit ended(async& owner) noexcept : of(owner) {}
        ~ended() { of.reset(); }
        async& of;
    };

    std::coroutine_handle<> frame_;  // of a promise_type; null: it has been awaited, or moved from

    static_assert(!std::is_reference_v<T>, "frond: async<T> owns its value: async<T>, or async<T*>, not async<T&>");
};

template <class T>
async<T> detail::async_promise<T>::get_return_object() noexcept {
    return async<T>(std::coroutine_handle<async_promise>::from_promise(*this));
}

inline async<void> detail::async_promise<void>::get_return_object() noexcept {
    return async<void>(std::coroutine_handle<async_promise>::from_promise(*this));
}

}  // namespace frond
