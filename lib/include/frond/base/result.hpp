// A value or an error: Boost.Outcome's basic_result, told to throw `bad_result` where a missing value is taken.
#pragma once

#include "frond/base/error.hpp"

#include <boost/outcome/std_result.hpp>

#include <cassert>
#include <type_traits>

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

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<result<T>> : std::true_type {};

}  // namespace frond
