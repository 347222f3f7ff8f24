// The record of the threads that run a context. All executors of the context share it.
//
// A run makes an executor of its own. An executor that cannot tell how many threads it has finds here which threads the runs
// before it have seen.
#pragma once

#include "frond/asio/detail/net.hpp"
#include "frond/base/detail/known_threads.hpp"

#include <memory>

namespace frond::detail {

/// A service of the context. Thread: any.
class context_threads final : public net::execution_context::service {
public:
    using key_type = context_threads;

    explicit context_threads(net::execution_context& of) : service(of) {}

    /// May outlive the context.
    static std::shared_ptr<known_threads> of(net::execution_context& context) {
        return net::use_service<context_threads>(context).known_;
    }

private:
    void shutdown() override {}

    std::shared_ptr<known_threads> const known_ = std::make_shared<known_threads>(known_threads::number::perhaps_one);
};

/// The record of the executor's context. An executor that does not tell its context gets a record of its own.
template <class Executor>
std::shared_ptr<known_threads> threads_of_context(Executor const& on) {
    using context = net::execution::context_as_t<net::execution_context&>;
    if constexpr (net::can_query<Executor const&, context>::value) {
        return context_threads::of(net::query(on, context()));
    } else {
        return std::make_shared<known_threads>(known_threads::number::perhaps_one);
    }
}

}  // namespace frond::detail
