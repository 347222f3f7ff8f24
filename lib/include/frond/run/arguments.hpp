// The arguments of a run: `frond::arg<"root">(path)` for an input,
// `frond::override_with<f>(value)` for an overridden node.
#pragma once

#include "frond/graph/any_range.hpp"
#include "frond/graph/detail/wiring.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/run_report.hpp"

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

/// A value on its way into a run. It owns what it was given as an rvalue, so that it may be kept in a variable and used for
/// many runs: a run copies from a kept argument, and moves from one that is an rvalue. An lvalue (T is then a reference) stays
/// the caller's, and must live until the run has been prepared.
template <class T>
class carried_value {
public:
    explicit carried_value(T&& value) : value_(static_cast<T&&>(value)) {}

    T& take() const& noexcept
        requires std::is_lvalue_reference_v<T>
    {
        return value_;
    }
    T const& take() const& noexcept
        requires(!std::is_lvalue_reference_v<T>)
    {
        return value_;
    }
    T&& take() && noexcept
        requires(!std::is_lvalue_reference_v<T>)
    {
        return static_cast<T&&>(value_);
    }

private:
    T value_;
};

}  // namespace detail

/// The value of an input.
template <fixed_string Name, class T>
class named_argument : public detail::carried_value<T> {
public:
    using detail::carried_value<T>::carried_value;
};

/// The value of an overridden node.
template <auto F, class T>
class override_argument : public detail::carried_value<T> {
public:
    using detail::carried_value<T>::carried_value;
};

/// The value of the input of this name: an rvalue is moved into the argument, an lvalue is referred to.
template <fixed_string Name, class T>
named_argument<Name, T> arg(T&& value) {
    return named_argument<Name, T>(std::forward<T>(value));
}

/// The value of a node that the plan's options override; a range for an expander. An rvalue is moved into the argument, an
/// lvalue is referred to.
template <auto F, class T>
override_argument<F, T> override_with(T&& value) {
    return override_argument<F, T>(std::forward<T>(value));
}

namespace detail {

// ---- the kinds of arguments

enum class argument_kind {
    input,           // arg<"name">(value)
    override_value,  // override_with<f>(value)
    hook_object,     // a hook, a shared_ptr to one, or an any_hook or a list of these
    report,          // a run_report, to be filled in
    nothing,         // anything else
};

template <class A>
struct argument_traits {
    static constexpr argument_kind kind = argument_kind::nothing;
};
template <fixed_string Name, class T>
struct argument_traits<named_argument<Name, T>> {
    static constexpr argument_kind kind = argument_kind::input;
    /// The input's place in the wiring; `size` if there is none.
    template <class Wiring>
    static constexpr std::size_t place() {
        for (std::size_t i = 0; i < Wiring::size; ++i) {
            if (Wiring::facts[i]->kind == node_kind::input && Wiring::facts[i]->name == Name.view()) return i;
        }
        return Wiring::size;
    }
};
template <auto F, class T>
struct argument_traits<override_argument<F, T>> {
    static constexpr argument_kind kind = argument_kind::override_value;
    template <class Wiring>
    static constexpr std::size_t place() {
        return Wiring::template place_of<function_node<F>>();
    }
};
template <class H>
    requires hook<H>
struct argument_traits<H> {
    static constexpr argument_kind kind = argument_kind::hook_object;
};
template <class H>
    requires hook<H>
struct argument_traits<std::shared_ptr<H>> {
    static constexpr argument_kind kind = argument_kind::hook_object;
};
template <>
struct argument_traits<any_hook> {
    static constexpr argument_kind kind = argument_kind::hook_object;
};
template <>
struct argument_traits<std::vector<any_hook>> {
    static constexpr argument_kind kind = argument_kind::hook_object;
};
template <>
struct argument_traits<run_report> {
    static constexpr argument_kind kind = argument_kind::report;
};

template <class A>
inline constexpr argument_kind kind_of = argument_traits<std::remove_cvref_t<A>>::kind;
template <class A>
inline constexpr bool is_value = kind_of<A> == argument_kind::input || kind_of<A> == argument_kind::override_value;
/// What an argument gives to a run.
template <class A>
using given_by = decltype(std::declval<A>().take());

// ---- the types of arguments

/// Whether a T can be made of the given value.
template <class T, class Given>
inline constexpr bool fits = std::is_convertible_v<Given, T>;
template <class T, class Given>
inline constexpr bool fits<T&, Given> =
    std::is_lvalue_reference_v<Given> && std::is_convertible_v<std::remove_reference_t<Given>*, T*>;
/// Whether a view would be made of a value that ends before the run does.
template <class T, class Given>
inline constexpr bool views_temporary =
    !std::is_reference_v<T> && is_view<T> && !std::is_lvalue_reference_v<Given> && !is_view<std::remove_cvref_t<Given>>;
/// Whether the given value is a range of Ts, by which an expander can be overridden. A type that is its own element, as a
/// path is, is one value and no range.
template <class T, class Given>
inline constexpr bool fits_range = requires(Given range) {
    { *std::begin(range) } -> std::convertible_to<T>;
    std::end(range);
    requires !std::is_same_v<std::remove_cvref_t<decltype(*std::begin(range))>, std::remove_cvref_t<Given>>;
};

/// A value made of the given one, from which the run can move.
template <class T, class Given>
class made_value {
public:
    explicit made_value(Given given) : value_(static_cast<Given>(given)) {}
    void* address() noexcept { return &value_; }

private:
    T value_;
};
/// A given rvalue of the right type stays where it is, and the run moves from it.
template <class T>
    requires(!std::is_reference_v<T>)
class made_value<T, T&&> {
public:
    explicit made_value(T&& given) noexcept : value_(&given) {}
    void* address() noexcept { return value_; }

private:
    T* value_;
};
template <class T, class Given>
class made_value<T&, Given> {
public:
    explicit made_value(Given given) noexcept : to_(&given) {}
    void* address() noexcept { return &to_; }

private:
    T* to_;
};
/// The range that is given in an expander's place; the plan's input is an any_range.
template <class T, class Given>
class made_range {
public:
    explicit made_range(Given given) : value_(any_range::of<T>(own(static_cast<Given>(given)))) {}
    void* address() noexcept { return &value_; }

private:
    static auto own(Given given) {
        if constexpr (std::is_array_v<std::remove_reference_t<Given>>) {
            return std::vector<T>(std::begin(given), std::end(given));
        } else {
            return std::remove_cvref_t<Given>(static_cast<Given>(given));
        }
    }

    any_range value_;
};

template <class Node, class Given>
using made_for =
    std::conditional_t<facts_of<Node>::kind == node_kind::expander, made_range<typename facts_of<Node>::value, Given>,
                       made_value<typename facts_of<Node>::value, Given>>;

}  // namespace detail

}  // namespace frond
