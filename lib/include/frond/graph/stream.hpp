// What the children of an expansion give, as they finish: `while (auto next = co_await values.next())`.
//
// In a run a stream reads a result_channel, whose elements know nothing of T; made from values, as a direct call of a
// collector does, it has them all at once.
#pragma once

#include "frond/base/detail/result_channel.hpp"
#include "frond/graph/values.hpp"

#include <coroutine>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

/// How a T is moved out of an element of a channel.
template <class T>
struct element_of {
    using parts = types<T>;
    static T take(result_channel&, std::byte* element) {
        return std::move(*reinterpret_cast<T*>(element));  // the first part has no offset
    }
};

/// Several nodes of one child; or one whose value is a tuple.
template <class... T>
struct element_of<std::tuple<T...>> {
    using parts = types<T...>;
    static std::tuple<T...> take(result_channel& from, std::byte* element) {
        auto const at = from.parts();
        if (at.size() == 1) return std::move(*reinterpret_cast<std::tuple<T...>*>(element + at[0].offset));
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::tuple<T...>(std::move(*reinterpret_cast<T*>(element + at[I].offset))...);
        }(std::index_sequence_for<T...>());
    }
};

template <class T>
struct element_of<result<T>> {
    using parts = typename element_of<T>::parts;
    static result<T> take(result_channel& from, std::byte* element) {
        if (from.front_failed()) return failed<T>(std::move(*reinterpret_cast<error*>(element)));
        return succeeded<T>(element_of<T>::take(from, element));
    }
};

}  // namespace detail

template <class T>
class stream;

/// Awaits the next element of a stream: its value, or nothing at the end.
/// Errors: throws bad_result (operation_canceled) when the run is being cancelled.
template <class T>
class next_awaiter {
public:
    explicit next_awaiter(stream<T>& of) noexcept : of_(of) {}

    bool await_ready() noexcept { return of_.channel_ == nullptr || of_.channel_->advance(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        return of_.channel_->suspend(*frame.promise().on, frame);
    }
    // Inlined, as in awaiter_reference, where an optional would be returned in registers.
    [[gnu::always_inline]] std::optional<T> await_resume()
        requires std::is_trivially_copyable_v<T>
    {
        return of_.take_inlined();
    }
    std::optional<T> await_resume() { return of_.take(); }

private:
    stream<T>& of_;  // it lives in the frame that awaits, or above it
};

/// The values of the children of an expansion; with T a `result`, failures too; with T a tuple, of several nodes of a child.
/// Thread: one consumer.
template <class T>
class stream {
public:
    static constexpr need how = is_result<T>::value ? need::stream_results : need::stream;
    using parts = typename detail::element_of<T>::parts;
    using value_type = T;

    stream(detail::argument from) noexcept : channel_(*static_cast<result_channel**>(from.at)) {}
    stream() noexcept = default;
    stream(std::initializer_list<T> values) : given_(values) {}
    stream(std::vector<T> values) noexcept : given_(std::move(values)) {}
    stream(stream&&) noexcept = default;
    stream& operator=(stream&&) = delete;

    /// `std::optional<T>` when awaited. One at a time.
    [[nodiscard]] next_awaiter<T> next() noexcept { return next_awaiter<T>(*this); }

private:
    friend next_awaiter<T>;

// g++ loses track of which of the two a result holds, and calls the other one uninitialized.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    std::optional<T> take() { return take_inlined(); }
    [[gnu::always_inline]] std::optional<T> take_inlined() {
        if (channel_ == nullptr) {
            if (at_ == given_.size()) return std::nullopt;
            return std::optional<T>(std::move(given_[at_++]));
        }
        std::byte* const element = channel_->front();
        if (element == nullptr) return std::nullopt;
        std::optional<T> taken(detail::element_of<T>::take(*channel_, element));
        channel_->pop();
        return taken;
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

    result_channel* channel_ = nullptr;  // none: the values were given
    std::vector<T> given_;
    std::size_t at_ = 0;  // in given_
};

}  // namespace frond
