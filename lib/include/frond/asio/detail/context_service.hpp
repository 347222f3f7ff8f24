// The service that frond adds to each context: the record of the threads that run the context, and the list of its guests, which
// end with it.
//
// A run makes an executor of its own. An executor that cannot tell how many threads it has finds here which threads the runs
// before it have seen.
#pragma once

#include "frond/asio/detail/context_guests.hpp"
#include "frond/asio/detail/net.hpp"
#include "frond/base/detail/known_threads.hpp"

#include <memory>

namespace frond::detail {

/// A service of the context. What it gives may outlive the context. Thread: any.
class context_service final : public net::execution_context::service {
public:
    using key_type = context_service;

    explicit context_service(net::execution_context& of) : service(of) {}

    static context_service& of(net::execution_context& context) { return net::use_service<context_service>(context); }

    std::shared_ptr<known_threads> const& threads() const noexcept { return threads_; }
    std::shared_ptr<context_guests> const& guests() const noexcept { return guests_; }

private:
    void shutdown() override { guests_->end(); }

    std::shared_ptr<known_threads> const threads_ = std::make_shared<known_threads>(known_threads::number::perhaps_one);
    std::shared_ptr<context_guests> const guests_ = std::make_shared<context_guests>();
};

template <class Executor>
inline constexpr bool tells_context =
    net::can_query<Executor const&, net::execution::context_as_t<net::execution_context&>>::value;

/// The record of the executor's context. An executor that does not tell its context gets a record of its own.
template <class Executor>
std::shared_ptr<known_threads> threads_of_context(Executor const& on) {
    if constexpr (tells_context<Executor>) {
        return context_service::of(net::query(on, net::execution::context_as_t<net::execution_context&>())).threads();
    } else {
        return std::make_shared<known_threads>(known_threads::number::perhaps_one);
    }
}

/// Null if the executor does not tell its context.
template <class Executor>
std::shared_ptr<context_guests> guests_of_context(Executor const& on) {
    if constexpr (tells_context<Executor>) {
        return context_service::of(net::query(on, net::execution::context_as_t<net::execution_context&>())).guests();
    } else {
        return nullptr;
    }
}

}  // namespace frond::detail
