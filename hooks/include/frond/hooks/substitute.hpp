// Puts a value in the place of a node that fails, so that the run goes on: a graceful failure.
//
//     frond::hooks::substitute nothing("words", word_counts());
//     auto result = frond::run_blocking<total>(nothing);
//     std::cerr << nothing.count() << " files could not be read\n";
#pragma once

#include "frond/base/async.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/interceptor.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace frond::hooks {

/// An interceptor. It steps in when no further attempt follows, and never for a node that was cancelled.
/// Requires: T is the node's type, and can be copied; else the node's failure says that it is not.
/// Thread: any number of runs, at once too.
template <class T>
class substitute {
public:
    /// `node`: the name of the node.
    substitute(std::string node, T value) : node_(std::move(node)), value_(std::move(value)) {}

    async<void> around_node(node_call& call) {
        async<void> inner = call.next();
        co_await inner;
        error const* const failure = call.failure();
        if (failure == nullptr || call.event().name() != node_) co_return;
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
