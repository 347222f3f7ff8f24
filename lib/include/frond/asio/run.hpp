// A run as an Asio operation: any completion token, the handler's executor and its cancellation slot.
//
//     auto outcome = co_await plan.async_run(frond::arg<"root">(path), bars, asio::use_awaitable);
//     auto future = plan.async_run(context, frond::arg<"root">(path), bars, asio::use_future);
//
// The run goes on where the first argument says, which is an executor or a context. Without such an argument it goes on on the
// handler's executor: with `use_async`, inside a body, on the body's.
#pragma once

#include "frond/asio/detail/run_handler.hpp"
#include "frond/asio/detail/run_place.hpp"
#include "frond/base/detail/final_result.hpp"
#include "frond/run/named_plan.hpp"
#include "frond/run/typed_plan.hpp"

#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace frond {

namespace detail {

/// A run that goes on, and the handler that it ends with. Kept by the run until nobody looks at it any more. If the context of
/// the executor is destroyed before the run has ended, everything of the run is destroyed, and the handler with it.
template <class Output, class Place, class Handler, bool Given>
class run_operation final : public run_completion,
                            public context_guest,
                            public std::enable_shared_from_this<run_operation<Output, Place, Handler, Given>> {
public:
    using taker = result<Output> (*)(run_outcome&) noexcept;

    template <class Executor>
    run_operation(Executor const& on, taker take, Handler&& handler)
        : place_(on), take_(take), handler_(std::move(handler)) {
        place_.set_guest(*this);
    }
    ~run_operation() { leave_context(); }

    /// Errors: none; where there is no memory to begin the run, the handler is told so.
    static void start(std::shared_ptr<run_operation> const& self, prepared_run const& prepared) noexcept {
        try {
            begin_run(self, prepared);
        } catch (...) {
            self->run_ = {};
            // The run may be that of another operation, which began it before: it is not this one's to cancel.
            if (auto slot = self->handler_.slot(); slot.is_connected()) slot.clear();
            self->fail(error::from_exception(std::current_exception()));
        }
    }

    void complete(run_outcome& ended) noexcept override { outcome_.emplace(take_, ended); }
    void released() noexcept override {
        run_ = {};
        if (place_.on().is_gone()) {
            outcome_.reset();
            [[maybe_unused]] auto const dropped = handler_.take();
        } else {
            post_handler();
        }
    }

    /// Ends without a run.
    void fail(error failure) noexcept {
        outcome_.emplace(std::move(failure));
        post_handler();
    }

private:
    static void begin_run(std::shared_ptr<run_operation> const& self, prepared_run const& prepared) {
        auto slot = self->handler_.slot();
        if (slot.is_connected()) {
            slot.assign([run = weak_run_handle(prepared.run)](net::cancellation_type) { run.cancel(); });
        }
        run_start how;
        how.on = &self->place_.on();
        how.time = &self->place_.time();
        how.hooks = prepared.hooks;
        how.completion = self.get();
        how.report = prepared.report;
        how.wants_progress = false;
        how.awaits_all_hooks = false;
        how.keep = self;
        self->run_ = prepared.run;
        self->enter_context(self->place_.guests());
        begin(prepared.run, std::move(how));
    }

    void context_ends() noexcept override {
        // The handler may be a coroutine on this context, so it must not outlive the context, as the run does that awaits something
        // of another context. Before the executor is closed: from then on any thread may end the run.
        [[maybe_unused]] auto const dropped = handler_posted_ ? std::nullopt : handler_.take();
        place_.close();
        abandon(run_);
        place_.run_left_work();
    }
    std::shared_ptr<void> keep() noexcept override { return this->weak_from_this().lock(); }

    class handler_call {
    public:
        using allocator_type = block_allocator<void>;

        explicit handler_call(std::shared_ptr<run_operation> of) noexcept
            : memory_(of->call_memory_), of_(std::move(of)) {}
        allocator_type get_allocator() const noexcept { return allocator_type(memory_); }
        void operator()() { of_->call_handler(of_); }

    private:
        handler_block& memory_;  // Asio may ask a handler that it has moved from
        std::shared_ptr<run_operation> of_;
    };

    void post_handler() noexcept {
        handler_posted_ = true;
        handler_.post(place_, handler_call(this->shared_from_this()));
    }
    void call_handler(std::shared_ptr<run_operation>& self) {
        final_result<Output> outcome = std::move(*outcome_);
        outcome_.reset();
        handler_.call(outcome.get(), [&] {
            place_.wait_for_posts();
            self.reset();
        });
    }

    Place place_;
    run_handle run_;  // until it is over
    taker take_;
    run_handler<Handler, Place, Given> handler_;
    std::optional<final_result<Output>> outcome_;
    handler_block call_memory_;
    bool handler_posted_ = false;  // then it is called, or destroyed with its executor
};

/// Starts the prepared run, on the executor that is given, or else on the handler's.
template <class Output, class Executor>
class run_initiation {
    static constexpr bool given = !std::is_same_v<Executor, no_executor>;

public:
    using taker = result<Output> (*)(run_outcome&) noexcept;

    run_initiation(taker take, Executor const& on) noexcept : take_(take), on_(on) {}

    template <class Handler>
    void operator()(Handler&& handler, result<prepared_run> prepared) const {
        using handler_type = std::decay_t<Handler>;
        using own = typename net::associated_executor<handler_type, no_executor>::type;
        constexpr bool in_a_body = std::is_same_v<own, fiber_executor>;
        static_assert(given || in_a_body || takes_runs<own>,
                      "frond: async_run needs an executor: hand it in as the first argument, "
                      "as in plan.async_run(context, ..., asio::use_future), or bind one to the handler");
        if constexpr (given) {
            start<own_place<Executor>, handler_type>(on_, std::forward<Handler>(handler), prepared);
        } else if constexpr (in_a_body) {
            auto const on = net::get_associated_executor(handler);
            start<fiber_place, handler_type>(on, std::forward<Handler>(handler), prepared);
        } else if constexpr (takes_runs<own>) {
            auto const on = net::get_associated_executor(handler);
            start<own_place<own>, handler_type>(on, std::forward<Handler>(handler), prepared);
        }
    }

private:
    template <class Place, class Handler, class On>
    void start(On const& on, Handler handler, result<prepared_run>& prepared) const {
        using operation = run_operation<Output, Place, Handler, given>;
        auto const made = std::make_shared<operation>(on, take_, std::move(handler));
        if (prepared) {
            operation::start(made, prepared.assume_value());
        } else {
            made->fail(std::move(prepared).assume_error());
        }
    }

    taker take_;
    [[no_unique_address]] Executor on_;
};

/// Which of the arguments says where the run goes on; as many as there are if none does.
template <class... A>
constexpr std::size_t place_among() {
    constexpr std::array<bool, sizeof...(A)> places{is_place<A>...};
    std::size_t at = 0;
    while (at < places.size() && !places[at]) ++at;
    return at;
}

/// Whether an argument is meant for the run, and not to be told of its end.
template <class A>
inline constexpr bool is_for_run =
    is_value<A> || is_given_value<std::remove_cvref_t<A>> || kind_of<A> != argument_kind::nothing;
template <class... A>
inline constexpr bool ends_with_token = false;
template <class First, class... Rest>
inline constexpr bool ends_with_token<First, Rest...> = ends_with_token<Rest...>;
template <class Last>
inline constexpr bool ends_with_token<Last> =
    !is_for_run<Last> && !is_place<Last> && !std::is_scalar_v<std::remove_cvref_t<Last>>;

/// The run of a plan of either form, as an operation; the last argument is the token.
template <class Plan, class... A>
auto async_run_of(Plan const& plan, A&&... arguments_and_token) {
    using output = typename Plan::output;
    static_assert(
        ends_with_token<A...>,
        "frond: async_run(arguments, hooks, token) ends with a completion token, such as asio::use_awaitable, "
        "frond::use_async or a function that takes the outcome");
    if constexpr (ends_with_token<A...>) {
        constexpr std::size_t last = sizeof...(A) - 1;
        constexpr std::size_t place = place_among<A...>();
        auto all = std::forward_as_tuple(std::forward<A>(arguments_and_token)...);
        auto&& token = std::get<last>(std::move(all));
        auto prepared = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return plan.prepare(std::get<(I < place ? I : I + 1)>(std::move(all))...);
        }(std::make_index_sequence<(place < last ? last - 1 : last)>());
        using token_type = std::remove_reference_t<decltype(token)>;
        auto const start = [&](auto const& on) {
            using initiation = run_initiation<output, std::remove_cvref_t<decltype(on)>>;
            return net::async_initiate<token_type, void(result<output>)>(initiation(&Plan::take, on), token,
                                                                         std::move(prepared));
        };
        if constexpr (place < last) {
            return start(executor_of(std::get<place>(all)));
        } else {
            return start(no_executor());
        }
    }
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
