// A run as an Asio operation: any completion token, the handler's executor and its cancellation slot.
//
//     auto outcome = co_await plan.async_run(frond::arg<"root">(path), bars, asio::use_awaitable);
#pragma once

#include "frond/asio/executor.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/typed_plan.hpp"

#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

/// A run that goes on, and the handler that it ends with. Kept by the run until nobody looks at it any more.
template <class Output, class Executor, class Handler>
class run_operation final : public run_completion,
                            public std::enable_shared_from_this<run_operation<Output, Executor, Handler>> {
public:
    using taker = result<Output> (*)(run_outcome&) noexcept;

    run_operation(Executor const& on, taker take, Handler&& handler)
        : executor_(on), clock_(on), guard_(std::in_place, on), take_(take), handler_(std::move(handler)) {}

    static void start(std::shared_ptr<run_operation> const& self, prepared_run const& prepared) {
        auto slot = net::get_associated_cancellation_slot(*self->handler_);
        if (slot.is_connected()) {
            slot.assign([run = prepared.run](net::cancellation_type) { run.cancel(); });
        }
        run_start how;
        how.on = &self->executor_;
        how.time = &self->clock_;
        how.hooks = prepared.hooks;
        how.completion = self.get();
        how.report = prepared.report;
        how.wants_progress = false;
        how.awaits_all_hooks = false;
        how.keep = self;
        begin(prepared.run, std::move(how));
    }

    void complete(run_outcome& ended) noexcept override { outcome_.emplace(take_(ended)); }
    void released() noexcept override { post_handler(); }

    /// Ends without a run.
    void fail(error failure) {
        outcome_.emplace(std::move(failure));
        post_handler();
    }

private:
    void post_handler() {
        net::post(guard_->get_executor(), [self = this->shared_from_this()]() mutable { self->call_handler(self); });
        guard_.reset();
    }
    void call_handler(std::shared_ptr<run_operation>& self) {
        Handler handler = std::move(*handler_);
        result<Output> outcome = std::move(*outcome_);
        handler_.reset();
        outcome_.reset();
        // From here on a cancellation comes too late.
        auto slot = net::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.clear();
        executor_.wait_for_posts();  // the handler may lead to the end of what runs the executor
        self.reset();
        std::move(handler)(std::move(outcome));
    }

    asio_executor<Executor> executor_;
    asio_clock clock_;
    std::optional<net::executor_work_guard<Executor>> guard_;
    taker take_;
    std::optional<Handler> handler_;
    std::optional<result<Output>> outcome_;
};

/// Starts the prepared run on the handler's executor.
template <class Output>
class run_initiation {
public:
    using taker = result<Output> (*)(run_outcome&) noexcept;

    explicit run_initiation(taker take) noexcept : take_(take) {}

    template <class Handler>
    void operator()(Handler&& handler, result<prepared_run> prepared) const {
        using handler_type = std::decay_t<Handler>;
        auto const on = net::get_associated_executor(handler, net::system_executor());
        using operation = run_operation<Output, std::decay_t<decltype(on)>, handler_type>;
        auto const made = std::make_shared<operation>(on, take_, std::forward<Handler>(handler));
        if (prepared) {
            operation::start(made, prepared.assume_value());
        } else {
            made->fail(std::move(prepared).assume_error());
        }
    }

private:
    taker take_;
};

/// The run of a plan of either form, as an operation; the last argument is the token.
template <class Plan, class... A>
auto async_run_of(Plan const& plan, A&&... arguments_and_token) {
    using output = typename Plan::output;
    constexpr std::size_t last = sizeof...(A) - 1;
    auto all = std::forward_as_tuple(std::forward<A>(arguments_and_token)...);
    auto&& token = std::get<last>(std::move(all));
    auto prepared = [&]<std::size_t... I>(std::index_sequence<I...>) {
        return plan.prepare(std::get<I>(std::move(all))...);
    }(std::make_index_sequence<last>());
    using token_type = std::remove_reference_t<decltype(token)>;
    return net::async_initiate<token_type, void(result<output>)>(run_initiation<output>(&Plan::take), token,
                                                                 std::move(prepared));
}

}  // namespace detail

template <class Modules, class Replacements, class... Overridden, auto... Wanted>
template <class... A>
auto typed_plan<Modules, basic_options<Replacements, detail::types<Overridden...>>, Wanted...>::async_run(
    A&&... arguments_and_token) const {
    return detail::async_run_of(*this, std::forward<A>(arguments_and_token)...);
}

template <class... A>
auto named_plan::async_run(A&&... arguments_and_token) const {
    return detail::async_run_of(*this, std::forward<A>(arguments_and_token)...);
}

}  // namespace frond
