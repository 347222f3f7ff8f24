// How a node's function sees the values of others: one value, one to take, a list, something from outside by reference.
//
// In a run these point into a task's block and cost a pointer; made from a value, as a direct call of the function does,
// they own a copy. The typed parameters derive from them; nodes made at run time take them as they are.
#pragma once

#include "frond/graph/detail/signature.hpp"
#include "frond/graph/node.hpp"

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

/// The address of an argument, as `arguments` gives it. What the parameters of a node are made from in a run.
struct argument {
    void* at;
};

/// A value that lies elsewhere, or that is one's own.
template <class T>
class held {
public:
    explicit held(T* elsewhere) noexcept : at_(elsewhere) {}
    template <class... Args>
    explicit held(std::in_place_t, Args&&... args)
        : at_(new std::remove_const_t<T>(std::forward<Args>(args)...)), owned_(true) {}
    held(held&& other) noexcept : at_(other.at_), owned_(std::exchange(other.owned_, false)) {}
    held(held const& other)
        requires std::is_copy_constructible_v<T>
        : at_(other.owned_ ? new std::remove_const_t<T>(*other.at_) : other.at_), owned_(other.owned_) {}
    held& operator=(held const&) = delete;
    ~held() {
        if (owned_) delete at_;
    }

    T* get() const noexcept { return at_; }

private:
    T* at_;
    bool owned_ = false;
};

/// Something else than a Self, from which a T can be made.
template <class U, class T, class Self>
concept makes = std::is_convertible_v<U, T> && !std::is_base_of_v<Self, std::remove_cvref_t<U>> &&
                !std::is_same_v<std::remove_cvref_t<U>, argument>;

}  // namespace detail

/// The value of a node or an input.
template <class T>
class value {
public:
    static constexpr need how = need::value;
    using parts = detail::types<T>;

    value(detail::argument from) noexcept : held_(static_cast<T const*>(from.at)) {}
    template <detail::makes<T, value> U>
    value(U&& given) : held_(std::in_place, std::forward<U>(given)) {}

    T const& operator*() const noexcept { return *held_.get(); }
    T const* operator->() const noexcept { return held_.get(); }
    operator T const&() const noexcept { return *held_.get(); }

private:
    detail::held<T const> held_;
};

/// The value of a node that nobody else uses: it may be moved from.
template <class T>
class taken {
public:
    static constexpr need how = need::take;
    using parts = detail::types<T>;

    taken(detail::argument from) noexcept : held_(static_cast<T*>(from.at)) {}
    template <detail::makes<T, taken> U>
    taken(U&& given) : held_(std::in_place, std::forward<U>(given)) {}

    T& operator*() const noexcept { return *held_.get(); }
    T* operator->() const noexcept { return held_.get(); }

private:
    detail::held<T> held_;
};

/// Something from outside the graph, by reference: a pool, a client. It outlives the run.
template <class T>
class reference {
public:
    static constexpr need how = need::value;
    using parts = detail::types<T&>;

    reference(detail::argument from) noexcept : to_(*static_cast<T**>(from.at)) {}
    reference(T& to) noexcept : to_(&to) {}

    T& operator*() const noexcept { return *to_; }
    T* operator->() const noexcept { return to_; }
    operator T&() const noexcept { return *to_; }

private:
    T* to_;
};

/// The values of all children of an expansion, in the order in which they were yielded; with T a `result`, failures too.
template <class T>
class list {
public:
    static constexpr need how = is_result<T>::value ? need::list_results : need::list;
    using parts = detail::types<typename node_return<T>::value>;
    using value_type = T;

    list(detail::argument from) noexcept : held_(static_cast<std::vector<T> const*>(from.at)) {}
    list() : held_(std::in_place) {}
    list(std::initializer_list<T> values) : held_(std::in_place, values) {}
    list(std::vector<T> values) : held_(std::in_place, std::move(values)) {}

    std::vector<T> const& operator*() const noexcept { return *held_.get(); }
    std::vector<T> const* operator->() const noexcept { return held_.get(); }
    typename std::vector<T>::const_reference operator[](std::size_t i) const noexcept { return (*held_.get())[i]; }
    auto begin() const noexcept { return held_.get()->begin(); }
    auto end() const noexcept { return held_.get()->end(); }
    std::size_t size() const noexcept { return held_.get()->size(); }
    bool empty() const noexcept { return held_.get()->empty(); }

private:
    detail::held<std::vector<T> const> held_;
};

}  // namespace frond
