// A value or an error: Boost.Outcome's basic_result, told to throw `bad_result` where a missing value is taken.
#pragma once

#include "frond/base/error.hpp"

#include <boost/outcome/std_result.hpp>

#include <cassert>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

struct result_policy : boost::outcome_v2::policy::base {
    template <class Impl>
    static constexpr void wide_value_check(Impl&& self) {
        if (!base::_has_value(self)) throw bad_result(base::_error(self));
    }
    template <class Impl>
    static constexpr void wide_error_check(Impl&& self) {
        assert(base::_has_error(self));
        static_cast<void>(self);
    }
};

}  // namespace detail

/// The value of an operation, or the error with which it failed: `if (r) use(r.value()); else tell(r.error());`.
///
/// Errors: `value()` of a failed result throws `bad_result`; `error()` of a successful one is a broken contract.
template <class T>
using result = boost::outcome_v2::basic_result<T, error, detail::result_policy>;

namespace detail {

/// A result that holds a value, made of `from`. To be used wherever T is any type: Outcome converts neither a value nor an error to a
/// result where T can itself be made of an error, as `std::optional<error>`, `std::any` and a variant with errors can.
template <class T, class... From>
result<T> succeeded(From&&... from) {
    return result<T>(boost::outcome_v2::in_place_type<T>, std::forward<From>(from)...);
}
/// A result that holds an error; see `succeeded`.
template <class T>
result<T> failed(error why) noexcept {
    return result<T>(boost::outcome_v2::in_place_type<error>, std::move(why));
}

}  // namespace detail

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<result<T>> : std::true_type {};

}  // namespace frond
