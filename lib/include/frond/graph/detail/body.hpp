// How a function becomes a node_body: the pointers to functions behind which nobody knows how it was written.
//
// An Invoker calls it: `Invoker::call(self, arguments...)`, each argument a detail::argument, from which the function's
// parameters make themselves in place.
#pragma once

#include "frond/graph/detail/signature.hpp"
#include "frond/graph/node.hpp"
#include "frond/graph/values.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace frond::detail {

template <class Invoker, std::size_t... I>
decltype(auto) invoke(step_call& call, std::index_sequence<I...>) {
    return Invoker::call(call.self, argument{call.args[I]}...);
}

/// Makes the value of what `produce` gives: a T, a result of one, or nothing. What it throws is the caller's to catch.
template <class T, class Produce>
step_status make_value(step_call& call, Produce&& produce) {
    using given = decltype(produce());
    if constexpr (std::is_void_v<given>) {
        produce();
        ::new (call.out) T();
    } else if constexpr (is_result<given>::value) {
        given made = produce();
        if (!made) {
            call.failure = std::move(made).assume_error();
            return step_status::failed;
        }
        if constexpr (std::is_void_v<typename given::value_type>) {
            ::new (call.out) T();
        } else {
            ::new (call.out) T(std::move(made).assume_value());
        }
    } else {
        ::new (call.out) T(produce());
    }
    return step_status::done;
}

/// Runs `step`, which gives a status; an exception is a failure.
template <class Step>
step_status guarded(step_call& call, Step&& step) noexcept {
    try {
        return step();
    } catch (...) {
        call.failure = error::from_exception(std::current_exception());
        return step_status::failed;
    }
}

template <class Invoker, class R, std::size_t Count, return_form Form = node_return<R>::form>
struct body_of;

/// A plain function.
template <class Invoker, class R, std::size_t Count>
struct body_of<Invoker, R, Count, return_form::value> {
    using value = typename node_return<R>::value;

    static step_status start(step_call& call) noexcept {
        return guarded(call, [&] {
            return make_value<value>(
                call, [&]() -> R { return detail::invoke<Invoker>(call, std::make_index_sequence<Count>()); });
        });
    }
    static constexpr node_body make() {
        node_body made;
        made.start = &start;
        return made;
    }
};

/// A coroutine, kept in the node's state while it lasts.
template <class Invoker, class R, std::size_t Count>
struct body_of<Invoker, R, Count, return_form::coroutine> {
    using value = typename node_return<R>::value;
    using coroutine = decltype(node_return<R>::adapt(std::declval<R>()));

    static step_status start(step_call& call) noexcept {
        return guarded(call, [&] {
            auto* const body = ::new (call.state)
                coroutine(node_return<R>::adapt(detail::invoke<Invoker>(call, std::make_index_sequence<Count>())));
            call.frame = body->start_on(*call.on);
            return step_status::started;
        });
    }
    static step_status finish(step_call& call) noexcept {
        auto& body = *static_cast<coroutine*>(call.state);
        step_status const ended = guarded(call, [&] { return make_value<value>(call, [&] { return body.take(); }); });
        std::destroy_at(&body);
        return ended;
    }
    static void then(void* state, std::coroutine_handle<> continuation) noexcept {
        static_cast<coroutine*>(state)->then(continuation);
    }
    static void abandon(void* state) noexcept { std::destroy_at(static_cast<coroutine*>(state)); }

    static constexpr node_body make() {
        node_body made;
        made.state_size = sizeof(coroutine);
        made.state_align = alignof(coroutine);
        made.coroutine = true;
        made.start = &start;
        made.then = &then;
        made.finish = &finish;
        made.abandon = &abandon;
        return made;
    }
};

/// An expander that is a coroutine.
template <class Invoker, class R, std::size_t Count>
struct body_of<Invoker, R, Count, return_form::expander> {
    static step_status open(step_call& call) noexcept {
        return guarded(call, [&] {
            auto* const source = ::new (call.state) R(detail::invoke<Invoker>(call, std::make_index_sequence<Count>()));
            source->promise().on = call.on;
            call.frame = source->frame();
            return step_status::started;
        });
    }
    static expander_promise_base& promise(void* state) noexcept { return static_cast<R*>(state)->promise(); }
    static void close(void* state) noexcept { std::destroy_at(static_cast<R*>(state)); }

    static constexpr node_body make() {
        node_body made;
        made.state_size = sizeof(R);
        made.state_align = alignof(R);
        made.coroutine = true;
        made.open = &open;
        made.promise = &promise;
        made.close = &close;
        return made;
    }
};

/// Whether a range can tell how many elements it has.
template <class Range>
inline constexpr bool is_sized = requires(Range const& range) { std::size(range); } ||
                                 requires(Range& range) { std::end(range) - std::begin(range); };

/// A range and how far it has been read.
template <class Range>
class range_source {
public:
    explicit range_source(expand<Range>&& given)
        : range_(std::move(given.range)), at_(begin_of(range_)), end_(end_of(range_)) {}
    range_source(range_source const&) = delete;
    range_source& operator=(range_source const&) = delete;

    /// How many elements it has, if it knows; before any has been taken. A range that throws does not know.
    std::optional<std::uint64_t> size() const noexcept try {
        if constexpr (requires(Range const& range) { std::size(range); }) {
            return static_cast<std::uint64_t>(std::size(range_));
        } else if constexpr (is_sized<Range>) {
            return static_cast<std::uint64_t>(end_ - at_);
        } else {
            return std::nullopt;
        }
    } catch (...) {
        return std::nullopt;
    }

    /// Makes up to `capacity` elements at `buffer`; fewer: there are no more. `count` is how many have been made, also when it
    /// throws what the range throws.
    template <class T>
    void pull(T* buffer, unsigned capacity, unsigned& count) {
        for (; count < capacity && !(at_ == end_); ++at_) {
            make_element(buffer + count);
            ++count;  // before the step to the next element, which may throw
        }
    }

private:
    template <class T>
    void make_element(T* to) {
        // A container is ours alone, so its elements may be moved; a view shows those of somebody else.
        if constexpr (requires { typename Range::allocator_type; }) {
            std::construct_at(to, static_cast<T>(std::move(*at_)));
        } else {
            std::construct_at(to, static_cast<T>(*at_));
        }
    }
    static auto begin_of(Range& range) {
        using std::begin;
        return begin(range);
    }
    static auto end_of(Range& range) {
        using std::end;
        return end(range);
    }

    Range range_;
    decltype(begin_of(std::declval<Range&>())) at_;
    decltype(end_of(std::declval<Range&>())) end_;
};

/// An expander that gives a range.
template <class Invoker, class Range, std::size_t Count>
struct body_of<Invoker, expand<Range>, Count, return_form::range> {
    using value = typename node_return<expand<Range>>::value;
    using source = range_source<Range>;

    static step_status open(step_call& call) noexcept {
        return guarded(call, [&] {
            ::new (call.state) source(detail::invoke<Invoker>(call, std::make_index_sequence<Count>()));
            return step_status::done;
        });
    }
    static step_status pull(step_call& call, void* buffer, unsigned capacity, unsigned& count) noexcept {
        count = 0;
        return guarded(call, [&] {
            static_cast<source*>(call.state)->pull(static_cast<value*>(buffer), capacity, count);
            return step_status::done;
        });
    }
    static std::optional<std::uint64_t> size(void* state) noexcept { return static_cast<source*>(state)->size(); }
    static void close(void* state) noexcept { std::destroy_at(static_cast<source*>(state)); }

    static constexpr node_body make() {
        node_body made;
        made.state_size = sizeof(source);
        made.state_align = alignof(source);
        made.open = &open;
        made.pull = &pull;
        if constexpr (is_sized<Range>) made.size = &size;
        made.close = &close;
        return made;
    }
};

}  // namespace frond::detail
