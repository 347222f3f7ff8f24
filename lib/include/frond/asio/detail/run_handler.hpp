// The completion handler of a run, and where it is called.
#pragma once

#include "frond/asio/detail/fiber_executor.hpp"
#include "frond/asio/detail/handler_memory.hpp"
#include "frond/asio/detail/net.hpp"
#include "frond/asio/detail/run_place.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace frond::detail {

/// How the handler of a run is called: in a post to its own executor if it has one, else in a post to the run's.
/// A body that awaits the run is woken at once.
template <class Handler, class Place, bool Given>
class run_handler {
    using own = typename net::associated_executor<Handler, no_executor>::type;
    static constexpr bool elsewhere = Given && takes_runs<own>;

public:
    explicit run_handler(Handler&& handler) : handler_(std::move(handler)) {
        if constexpr (elsewhere) guard_.emplace(net::get_associated_executor(*handler_));
    }

    auto slot() const noexcept { return net::get_associated_cancellation_slot(*handler_); }
    /// Takes the handler away, to be destroyed instead of called. It may own objects that own this.
    [[nodiscard]] std::optional<Handler> take() noexcept {
        guard_.reset();
        return std::exchange(handler_, std::nullopt);
    }
    /// Takes the handler, calls `last()`, then the handler with the outcome.
    template <class Outcome, class Last>
    void call(Outcome& outcome, Last&& last) {
        Handler handler = std::move(*handler_);
        handler_.reset();
        // From here on a cancellation comes too late.
        auto slot = net::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.clear();
        last();
        std::move(handler)(std::move(outcome));
    }
    /// Calls `act` where the handler is to be called. Memory for the post comes from the allocator of `act`.
    template <class Act>
    void post(Place& place, Act&& act) noexcept {
        if constexpr (std::is_same_v<own, fiber_executor>) {
            act();
        } else if constexpr (elsewhere) {
            // First: nothing keeps the run's context at work while the handler waits for its own executor.
            place.finish_work();
            hand_in(guard_->get_executor(), std::forward<Act>(act));
            guard_.reset();
        } else {
            place.post(std::forward<Act>(act));
        }
    }

private:
    struct nothing {};
    using guard = typename std::conditional_t<elsewhere, std::type_identity<net::executor_work_guard<own>>,
                                              std::type_identity<nothing>>::type;

    std::optional<Handler> handler_;
    std::optional<guard> guard_;
};

}  // namespace frond::detail
