// expander<T>: the coroutine type of expanders.
// Each co_yield is the parameter of one child; it may co_await in between.
//
// Yielded values go into a buffer that the driver sets. The expander runs on without suspending until the buffer is
// full. Before it awaits anything it stops once more if the buffer is not empty,
// so no child waits for an operation that its expander awaits.
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/child.hpp"

#include <coroutine>
#include <cstdint>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

/// Whether it has a beginning and an end. Not a concept, whose failure compilers explain at length.
template <class Range>
inline constexpr bool expandable = requires(Range& range) {
    std::begin(range);
    std::end(range);
};

/// A synchronous way to write an expander: a function that returns `expand(range)` yields the range's elements.
template <class Range>
struct expand {
    explicit expand(Range what) : range(std::move(what)) {}
    Range range;

    // Last, since clang passes over what follows it where it fails.
    static_assert(expandable<Range>,
                  "frond: expand(range) yields the elements of a range, which has begin and end; a single value is "
                  "expand(std::vector{value})");
};

namespace detail {

/// An await that has not begun, since the driver must take the yielded values first.
struct postponed_await {
    explicit postponed_await(void (*begin_function)(void*) noexcept) noexcept : begin(begin_function) {}
    void (*begin)(void* self) noexcept;
};

template <class Awaiter>
class flushing_awaiter;

/// The key of the value at a position in a buffer.
struct keyed_position {
    unsigned position;
    child_key key;
};

/// The part of an expander's promise that drivers use; the same for every type of yielded values.
class expander_promise_base : public promise_base {
public:
    postponed_await* postponed = nullptr;
    void* buffer = nullptr;  // room for `capacity` values
    unsigned capacity = 0;
    unsigned count = 0;  // how many values the buffer holds; they belong to the driver
    bool ended = false;
    std::exception_ptr exception;
    std::vector<keyed_position> keys;       // of the values in the buffer that have a key, in order
    std::optional<std::uint64_t> expected;  // how many values there will be, if the expander has said so

    /// Continues the expander on its fiber (`on`), and gives the result of `fiber::begin`. When the expander has
    /// stopped, the driver must take the values, and look at `ended` and `postponed`.
    bool advance(std::coroutine_handle<> frame) noexcept {
        if (postponed == nullptr) return on->begin(frame);
        auto* const await = std::exchange(postponed, nullptr);
        return on->begin(await->begin, await);
    }

    template <class Awaitable>
    auto await_transform(Awaitable&& awaitable) {
        using awaiter = decltype(promise_base::await_transform(std::forward<Awaitable>(awaitable)));
        return flushing_awaiter<awaiter>(*this, promise_base::await_transform(std::forward<Awaitable>(awaitable)));
    }

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

/// Awaits `Awaiter`, but not before the driver has taken the yielded values.
template <class Awaiter>
class flushing_awaiter : private postponed_await {
public:
    flushing_awaiter(expander_promise_base& promise, Awaiter&& inner)
        : postponed_await(&flushing_awaiter::begin_later), promise_(promise), inner_(std::forward<Awaiter>(inner)) {}

    bool await_ready() { return inner_.await_ready(); }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) {
        if (promise_.count == 0) return suspend(frame);
        frame_ = frame.address();
        suspend_later_ = [](flushing_awaiter& self) {
            return self.suspend(std::coroutine_handle<Promise>::from_address(self.frame_));
        };
        promise_.postponed = this;
        promise_.on->stop();
        return true;
    }

    decltype(auto) await_resume() {
        if (exception_) std::rethrow_exception(exception_);
        return inner_.await_resume();
    }

private:
    template <class Promise>
    bool suspend(std::coroutine_handle<Promise> frame) {
        if constexpr (std::is_void_v<decltype(inner_.await_suspend(frame))>) {
            inner_.await_suspend(frame);
            return true;
        } else {
            return inner_.await_suspend(frame);
        }
    }

    static void begin_later(void* self) noexcept {
        auto& me = *static_cast<flushing_awaiter*>(static_cast<postponed_await*>(self));
        bool suspended = false;
        try {
            suspended = me.suspend_later_(me);
        } catch (...) {
            me.exception_ = std::current_exception();
        }
        if (!suspended) me.promise_.on->transfer_to(std::coroutine_handle<>::from_address(me.frame_));
    }

    expander_promise_base& promise_;
    Awaiter inner_;  // a reference where the awaited object lives in the expression
    void* frame_ = nullptr;
    bool (*suspend_later_)(flushing_awaiter&) = nullptr;
    std::exception_ptr exception_;
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
            if constexpr (std::is_move_constructible_v<T>) {  // else there has been an error, and one is enough
                std::construct_at(static_cast<T*>(buffer) + count, std::move(value));
            }
            return {++count < capacity, on};
        }
        /// The key comes first: if adding the value throws, the key belongs to no value, and is not read.
        yield_awaiter yield_value(child<T> named) {
            keys.push_back({count, std::move(named.key())});
            return yield_value(std::move(named.value()));
        }
        yield_awaiter yield_value(expect children) noexcept {
            expected = children.total();
            return {true, on};
        }
        /// Anything else does not compile.
        template <class U>
            requires(!std::is_convertible_v<U, T> && !std::is_convertible_v<U, child<T>> &&
                     !std::is_convertible_v<U, expect>)
        yield_awaiter yield_value(U&&) noexcept {
            static_assert(
                std::is_convertible_v<U, T>,
                "frond: a frond::expander<T> yields a T, frond::child(\"key\", T) or frond::expect(n), and what "
                "is yielded here does not convert to T");
            return {true, on};
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

    static_assert(
        std::is_object_v<T> && std::is_move_constructible_v<T>,
        "frond: an expander yields values that can be moved: expander<T>, not expander<T&>, and no T that can "
        "only stay where it was made");
};

}  // namespace frond
