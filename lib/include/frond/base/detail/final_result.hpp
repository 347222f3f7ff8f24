// A result on its way to the user: a move of its value that throws makes a failure of it.
#pragma once

#include "frond/base/error.hpp"
#include "frond/base/result.hpp"

#include <exception>
#include <utility>

namespace frond::detail {

template <class T>
class final_result {
public:
    /// Makes the result in place of what `make(of)` gives. A function that must not throw.
    template <class Of>
    final_result(result<T> (*make)(Of&) noexcept, Of& of) noexcept : result_(make(of)) {}
    explicit final_result(error failure) noexcept : result_(failed<T>(std::move(failure))) {}
    final_result(final_result&& other) noexcept : result_(other.take()) {}

    /// Moves the result out.
    result<T> take() noexcept {
        try {
            return std::move(result_);
        } catch (...) {
            return failed<T>(error::from_exception(std::current_exception()));
        }
    }
    /// The result itself, for a caller that takes it by reference.
    result<T>& get() noexcept { return result_; }

private:
    result<T> result_;
};

}  // namespace frond::detail
