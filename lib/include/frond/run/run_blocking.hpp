// Running a plan from a program that has no event loop: the calling thread and some further threads run the plan.
#pragma once

#include "frond/base/detail/final_result.hpp"
#include "frond/run/detail/prepared_run.hpp"
#include "frond/run/typed_plan.hpp"

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace frond {

/// An argument that says how many threads a blocking run uses, the calling one among them: 1 to 65,536. Without it, the
/// run uses as many as the machine has processors.
class threads {
public:
    explicit threads(unsigned count) noexcept : count_(count) {}
    unsigned count() const noexcept { return count_; }

private:
    unsigned count_;
};

namespace detail {

/// Begins the run on this thread and on new ones, and returns when the run is over.
/// `count` 0: as many threads as the machine has processors.
/// Errors: throws std::bad_alloc, std::system_error where there are no more threads.
void run_on_threads(prepared_run const& prepared, run_completion& completion, unsigned count);

template <class A>
inline constexpr bool is_threads = std::is_same_v<std::remove_cvref_t<A>, threads>;

/// The argument, if it is for the plan's `prepare`; else nothing.
template <class A>
auto for_the_run(A&& argument) {
    if constexpr (is_threads<A>) {
        return std::tuple<>();
    } else {
        return std::forward_as_tuple(std::forward<A>(argument));
    }
}

template <class A>
unsigned thread_count(A const& argument) noexcept {
    if constexpr (is_threads<A>) {
        return argument.count();
    } else {
        return 0;
    }
}

/// Why no run has so many threads, together with what else is wrong with its arguments; none if it can.
std::optional<error> refuse_threads(unsigned count, error const* other);

template <class Output>
class blocking_completion final : public run_completion {
public:
    using taker = result<Output> (*)(run_outcome&) noexcept;
    explicit blocking_completion(taker take) noexcept : take_(take) {}

    void complete(run_outcome& ended) noexcept override { outcome.emplace(take_, ended); }

    std::optional<final_result<Output>> outcome;

private:
    taker take_;
};

}  // namespace detail

/// Runs a plan and returns when the run is over. Arguments are those of the plan's `prepare`, and `threads(n)`.
/// Must not be called from a coroutine or a handler, since it blocks the thread.
template <class Plan, class... A>
    requires requires { typename Plan::output; }
auto run_blocking(Plan const& plan, A&&... arguments) -> result<typename Plan::output> {
    using output = typename Plan::output;
    auto prepared = std::apply([&](auto&&... own) { return plan.prepare(std::forward<decltype(own)>(own)...); },
                               std::tuple_cat(detail::for_the_run(std::forward<A>(arguments))...));
    static_assert((detail::is_threads<A> + ... + 0) <= 1, "frond: threads(n) is given once");
    try {
        unsigned const count = (detail::thread_count(arguments) + ... + 0U);
        if constexpr ((detail::is_threads<A> || ...)) {
            if (auto refused = detail::refuse_threads(count, prepared ? nullptr : &prepared.assume_error())) {
                return detail::failed<output>(std::move(*refused));
            }
        }
        if (!prepared) return detail::failed<output>(std::move(prepared).assume_error());
        detail::blocking_completion<output> completion(&Plan::take);
        detail::run_on_threads(prepared.assume_value(), completion, count);
        return completion.outcome->take();
    } catch (...) {
        return detail::failed<output>(error::from_exception(std::current_exception()));
    }
}

/// Anything else than a plan does not compile.
template <class NoPlan, class... A>
    requires(!requires { typename std::remove_cvref_t<NoPlan>::output; })
void run_blocking(NoPlan&&, A&&...) {
    static_assert(
        requires { typename std::remove_cvref_t<NoPlan>::output; },
        "frond: run_blocking takes a plan, or the wanted functions as template arguments: "
        "run_blocking<f>(arguments)");
}

/// The same for a plan that is used once: `run_blocking<total>(arg<"root">(path), bars)`.
template <auto... Wanted, class... A>
    requires(sizeof...(Wanted) != 0)
auto run_blocking(A&&... arguments) {
    return run_blocking(plan_for<Wanted...>(), std::forward<A>(arguments)...);
}

}  // namespace frond
