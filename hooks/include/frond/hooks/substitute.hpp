// Puts a value in the place of a node that fails, so that the run goes on: a graceful failure.
//
//     frond::hooks::substitute nothing("words", word_counts());
//     auto result = frond::run_blocking<total>(nothing);
//     std::cerr << nothing.count() << " files could not be read\n";
#pragma once

#include "frond/base/async.hpp"
#include "frond/base/value_type.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/interceptor.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace frond::hooks {

namespace detail {

/// Why no value of this type can stand in for the node, in a run of the plan; empty if one can.
std::string not_substituted(plan const& of, std::string const& node, value_type const& by);

}  // namespace detail

/// An interceptor. It steps in when no further attempt follows, and never for a node that was cancelled.
/// T is the node's type, and can be copied. A run in which no node has this name, or the node is of another type or an
/// expander, is refused.
/// Thread: any number of runs, at once too.
template <class T>
class substitute {
public:
    /// `node`: the name of the node.
    substitute(std::string node, T value) : node_(std::move(node)), value_(std::move(value)) {}

    std::string check_plan(plan const& of) const { return detail::not_substituted(of, node_, value_type_of<T>); }

    async<void> around_node(node_call& call) {
        async<void> inner = call.next();
        co_await inner;
        error const* const failure = call.failure();
        if (failure == nullptr || call.event().raw_name() != node_) co_return;
        if (call.will_retry() || failure->is_canceled()) co_return;
        call.answer(T(value_));
        count_.fetch_add(1, std::memory_order_relaxed);
    }

    /// How often it has stepped in.
    std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

private:
    std::string const node_;
    T const value_;
    std::atomic<std::uint64_t> count_{0};  // a number, nothing depends on it
};

}  // namespace frond::hooks
