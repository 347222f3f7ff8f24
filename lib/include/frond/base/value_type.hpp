// Describes a type to code that does not know it: the size of its values, and how to move, copy and destroy them.
#pragma once

#include "frond/base/detail/is_view.hpp"
#include "frond/base/result.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

/// The value of a node whose function returns void.
struct unit {
    friend bool operator==(unit, unit) = default;
};

namespace detail {

template <class T>
constexpr std::string_view type_name() {
#if defined(__clang__) || defined(__GNUC__)
    std::string_view const text = __PRETTY_FUNCTION__;
#else
    std::string_view const text = "T = ?]";
#endif
    auto const begin = text.find("T = ") + 4;
    return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

}  // namespace detail

/// How a vector of some element type is made: std::vector<T>, or std::vector<result<T>>.
struct list_type {
    std::size_t size, align;
    void (*create)(void* at, std::size_t reserve);   // may throw
    void (*add)(void* list, void* value);            // moves the value in; may throw
    void (*add_error)(void* list, error&& failure);  // null for a plain vector
    void (*destroy)(void* list) noexcept;
    void (*move)(void* to, void* from) noexcept;  // constructs; leaves `from` to be destroyed
};

/// Compare by `id`; two descriptions of one type have the same.
struct value_type {
    void const* id;
    std::string_view name;  // as a programmer would write it
    std::size_t size, align;
    void (*destroy)(void*) noexcept;           // null: there is nothing to destroy
    void (*move)(void* to, void* from);        // constructs; leaves `from` to be destroyed
    void (*copy)(void* to, void const* from);  // null: not copyable
    bool trivial;                              // bytes may be copied, nothing is destroyed
    bool view;                                 // shows something that lives elsewhere, see is_view
    list_type const* list;                     // std::vector<T>; null where T cannot be moved
    list_type const* result_list;              // std::vector<result<T>>

    friend bool operator==(value_type const& a, value_type const& b) noexcept { return a.id == b.id; }
};

namespace detail {

template <class T>
inline constexpr char type_id = 0;

template <class Element, class T>
inline constexpr list_type list_type_of{
    sizeof(std::vector<Element>),
    alignof(std::vector<Element>),
    [](void* at, std::size_t reserve) {
        std::vector<Element> made;
        made.reserve(reserve);
        ::new (at) std::vector<Element>(std::move(made));
    },
    [](void* list, void* value) {
        auto& elements = *static_cast<std::vector<Element>*>(list);
        if constexpr (std::is_same_v<Element, T>) {
            elements.push_back(std::move(*static_cast<T*>(value)));
        } else {
            elements.push_back(succeeded<T>(std::move(*static_cast<T*>(value))));
        }
    },
    [] {
        if constexpr (std::is_same_v<Element, T>) {
            return static_cast<void (*)(void*, error&&)>(nullptr);
        } else {
            return +[](void* list, error&& failure) {
                auto& results = *static_cast<std::vector<Element>*>(list);
                results.emplace_back(boost::outcome_v2::in_place_type<error>, std::move(failure));
            };
        }
    }(),
    [](void* list) noexcept { std::destroy_at(static_cast<std::vector<Element>*>(list)); },
    [](void* to, void* from) noexcept {
        ::new (to) std::vector<Element>(std::move(*static_cast<std::vector<Element>*>(from)));
    },
};

template <class T>
constexpr value_type make_value_type() {
    value_type made{&type_id<T>, type_name<T>(), sizeof(T), alignof(T),
                    nullptr,     nullptr,        nullptr,   std::is_trivially_copyable_v<T>,
                    is_view<T>,  nullptr,        nullptr};
    if constexpr (!std::is_trivially_destructible_v<T>) {
        made.destroy = [](void* value) noexcept { std::destroy_at(static_cast<T*>(value)); };
    }
    if constexpr (std::is_move_constructible_v<T>) {
        made.move = [](void* to, void* from) { ::new (to) T(std::move(*static_cast<T*>(from))); };
        made.list = &list_type_of<T, T>;
        made.result_list = &list_type_of<result<T>, T>;
    }
    if constexpr (std::is_copy_constructible_v<T>) {
        made.copy = [](void* to, void const* from) { ::new (to) T(*static_cast<T const*>(from)); };
    }
    return made;
}

}  // namespace detail

template <class T>
inline constexpr value_type value_type_of = detail::make_value_type<T>();

/// A reference handed in from outside. It is stored as a pointer, but its type is not that of the pointer.
template <class T>
inline constexpr value_type value_type_of<T&> = [] {
    value_type made = detail::make_value_type<T*>();
    made.id = &detail::type_id<T&>;
    made.name = detail::type_name<T&>();
    return made;
}();

}  // namespace frond
