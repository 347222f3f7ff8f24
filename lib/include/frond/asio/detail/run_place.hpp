// Where a run goes on that is an Asio operation: its executor and its clock, and what keeps these at work and alive.
#pragma once

#include "frond/asio/detail/fiber_executor.hpp"
#include "frond/asio/executor.hpp"
#include "frond/asio/this_executor.hpp"

#include <memory>
#include <optional>
#include <type_traits>

namespace frond::detail {

/// Stands for the executor of a handler that has none.
struct no_executor {};

/// True if a run can go on there: Asio's timers take the executor.
template <class Executor>
inline constexpr bool takes_runs = std::is_convertible_v<Executor, net::any_io_executor>;

/// True for an argument that says where a run goes on: an executor, or a context that has one.
template <class A>
inline constexpr bool is_place =
    takes_runs<std::remove_cvref_t<A>> || std::is_convertible_v<std::remove_cvref_t<A>&, net::execution_context&>;

template <class A>
auto executor_of(A& place) {
    if constexpr (takes_runs<A>) {
        return place;
    } else {
        return place.get_executor();
    }
}

/// An executor of Asio, kept concrete.
template <class Executor>
class own_place {
public:
    explicit own_place(Executor const& on) : executor_(on), clock_(on), guard_(std::in_place, on) {}

    asio_executor_base& on() noexcept { return executor_; }
    clock& time() noexcept { return clock_; }
    std::shared_ptr<context_guests> guests() const { return guests_of_context(guard_->get_executor()); }
    void set_guest(context_guest& guest) noexcept { executor_.set_guest(guest); }
    /// Must be called before the handler: the handler may destroy the context, while another thread is inside a post to it.
    void wait_for_posts() const noexcept { executor_.wait_for_posts(); }
    /// Calls `act` there, later. To be called once; nothing is kept at work from then on.
    template <class Act>
    void post(Act&& act) {
        hand_in(guard_->get_executor(), std::forward<Act>(act));
        guard_.reset();
    }
    /// Nothing is kept at work from then on. Must be called on the executor, or where no run has begun.
    void finish_work() noexcept { guard_.reset(); }
    void close() noexcept {
        executor_.close();
        guard_.reset();
    }
    void run_left_work() noexcept { executor_.run_left_work(); }

private:
    asio_executor<Executor> executor_;
    asio_clock clock_;
    std::optional<net::executor_work_guard<Executor>> guard_;
};

/// The home of the fiber that awaits the run, which keeps it at work.
class fiber_place {
public:
    /// Errors: throws bad_result (not_supported) if the home is no executor of Asio.
    explicit fiber_place(fiber_executor const& on)
        : home_(asio_home_of(on.of())), keep_(home_.keep_guest()), clock_(home_.io_executor()) {}

    asio_executor_base& on() noexcept { return home_; }
    clock& time() noexcept { return clock_; }
    std::shared_ptr<context_guests> guests() const { return guests_of_context(home_.io_executor()); }
    void set_guest(context_guest&) noexcept {}
    void wait_for_posts() const noexcept {}
    /// The work that is left is run by the guest to which the home belongs; that guest is older, and told later.
    void close() noexcept { home_.close(); }
    void run_left_work() noexcept {}

private:
    asio_executor_base& home_;
    std::shared_ptr<void> keep_;  // the owner of the home: a hook of the run may outlive the fiber
    asio_clock clock_;
};

}  // namespace frond::detail
