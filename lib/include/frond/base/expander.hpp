// expander<T>: the coroutine type of expanders. Each co_yield is the parameter of one child; it may co_await in between.
//
// What it yields goes into a buffer that its driver sets; it runs on without suspending until the buffer is full.
#pragma once

#include "frond/base/async.hpp"

#include <coroutine>
#include <exception>
#include <memory>
#include <utility>

namespace frond {

/// A synchronous way to write an expander: a function that returns `expand(range)` yields the range's elements.
template <class Range>
struct expand {
    explicit expand(Range range) : range(std::move(range)) {}
    Range range;
};

namespace detail {

/// What a driver knows of any expander, whatever it yields.
class expander_promise_base : public promise_base {
public:
    void* buffer = nullptr;  // room for `capacity` values
    unsigned capacity = 0;
    unsigned count = 0;      // how many values it holds; they belong to the driver
    bool ended = false;
    std::exception_ptr exception;

    void return_void() const noexcept {}
    void unhandled_exception() noexcept { exception = std::current_exception(); }

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
            frame.promise().ended = true;
            frame.promise().on->stop();
        }
        void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }

    struct yield_awaiter {
        bool room;
        fiber* on;
        bool await_ready() const noexcept { return room; }
        void await_suspend(std::coroutine_handle<>) const noexcept { on->stop(); }
        void await_resume() const noexcept {}
    };
};

}  // namespace detail

template <class T>
class [[nodiscard]] expander {
public:
    using value_type = T;

    class promise_type : public detail::expander_promise_base {
    public:
        expander get_return_object() noexcept {
            return expander(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        yield_awaiter yield_value(T value) {
            std::construct_at(static_cast<T*>(buffer) + count, std::move(value));
            return {++count < capacity, on};
        }
    };

    expander(expander&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    expander& operator=(expander&&) = delete;
    ~expander() {
        if (frame_) detail::destroy_flat(frame_);
    }

    std::coroutine_handle<> frame() const noexcept { return frame_; }
    detail::expander_promise_base& promise() const noexcept { return frame_.promise(); }

private:
    explicit expander(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

    std::coroutine_handle<promise_type> frame_;
};

}  // namespace frond
