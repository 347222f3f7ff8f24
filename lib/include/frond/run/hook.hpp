// Hooks: objects that are told of a run by the methods they have. This is the erased form that a run keeps of them, and
// how it is made from any object.
//
// A run never waits for an observer: each has its own bounded queue and its own coroutine, and its calls come one at a time,
// in order. Whatever a hook throws is counted and kept from the run.
#pragma once

#include "frond/base/async.hpp"
#include "frond/run/event.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace frond {

/// What an observer gets when it cannot keep up.
class observer_policy {
public:
    /// Every event; when more than `bound` wait, the oldest go, counted.
    static observer_policy every(std::uint32_t bound = 65536) noexcept {
        return observer_policy(bound, duration::zero());
    }
    /// No task events, but a sample of the run's progress at this interval.
    static observer_policy latest(duration interval) noexcept { return observer_policy(0, interval); }

    std::uint32_t bound() const noexcept { return bound_; }
    duration interval() const noexcept { return interval_; }

private:
    observer_policy(std::uint32_t bound, duration interval) noexcept : bound_(bound), interval_(interval) {}

    std::uint32_t bound_;
    duration interval_;
};

inline observer_policy every(std::uint32_t bound = 65536) noexcept { return observer_policy::every(bound); }
inline observer_policy latest(duration interval) noexcept { return observer_policy::latest(interval); }

/// The moments that a hook may listen to, as bits of hook_ref::listens.
enum class hook_moment : std::uint16_t {
    before_run = 1,
    after_grouping = 2,
    on_yield = 4,
    after_expansion = 8,
    before_task = 16,
    after_task = 32,
    on_sample = 64,
    after_run = 128,
};

namespace detail {

// clang-format off
template <class H> concept has_before_run = requires(H& h, run_event const& e) { h.before_run(e); };
template <class H> concept has_after_grouping = requires(H& h, run_event const& e) { h.after_grouping(e); };
template <class H> concept has_on_yield = requires(H& h, yield_event const& e) { h.on_yield(e); };
template <class H> concept has_after_expansion = requires(H& h, expansion_event const& e) { h.after_expansion(e); };
template <class H> concept has_before_task = requires(H& h, task_event const& e) { h.before_task(e); };
template <class H> concept has_after_task = requires(H& h, task_event const& e) { h.after_task(e); };
template <class H> concept has_on_sample = requires(H& h, progress const& e) { h.on_sample(e); };
template <class H> concept has_after_run = requires(H& h, run_event const& e) { h.after_run(e); };

// A method of that name, whatever it takes.
template <class H> concept names_before_run = requires { &H::before_run; };
template <class H> concept names_after_grouping = requires { &H::after_grouping; };
template <class H> concept names_on_yield = requires { &H::on_yield; };
template <class H> concept names_after_expansion = requires { &H::after_expansion; };
template <class H> concept names_before_task = requires { &H::before_task; };
template <class H> concept names_after_task = requires { &H::after_task; };
template <class H> concept names_on_sample = requires { &H::on_sample; };
template <class H> concept names_after_run = requires { &H::after_run; };
template <class H> concept names_policy = requires { &H::policy; };
template <class H> concept has_policy = requires(H& h) { { h.policy() } -> std::convertible_to<observer_policy>; };
// clang-format on

}  // namespace detail

/// An object with at least one of the hook methods, each returning void or async<void>.
template <class H>
concept hook = detail::has_before_run<H> || detail::has_after_grouping<H> || detail::has_on_yield<H> ||
               detail::has_after_expansion<H> || detail::has_before_task<H> || detail::has_after_task<H> ||
               detail::has_on_sample<H> || detail::has_after_run<H>;

/// A hook whose type is not known any more. Does not own it; `keep` may.
class hook_ref {
public:
    template <hook H>
    explicit hook_ref(H& observed, std::shared_ptr<void> keep = nullptr)
        : object_(&observed), keep_(std::move(keep)), listens_(moments<H>()), tell_(&tell<H>) {
        check<H>();
        if constexpr (detail::has_policy<H>) policy_ = observed.policy();
    }

    bool listens(hook_moment moment) const noexcept { return (listens_ & static_cast<std::uint16_t>(moment)) != 0; }
    observer_policy policy() const noexcept { return policy_; }

    /// Calls the method of that moment with its event. Gives the coroutine to await, if the method is one.
    std::optional<async<void>> call(hook_moment moment, void const* event) const {
        return tell_(object_, moment, event);
    }

private:
    // A method that is spelt right and takes something else would never be called.
    template <class H>
    static constexpr void check() {
        using namespace detail;
        static_assert(has_before_run<H> || !names_before_run<H>, "frond: before_run takes a frond::run_event const&");
        static_assert(has_after_grouping<H> || !names_after_grouping<H>,
                      "frond: after_grouping takes a frond::run_event const&");
        static_assert(has_on_yield<H> || !names_on_yield<H>, "frond: on_yield takes a frond::yield_event const&");
        static_assert(has_after_expansion<H> || !names_after_expansion<H>,
                      "frond: after_expansion takes a frond::expansion_event const&");
        static_assert(has_before_task<H> || !names_before_task<H>,
                      "frond: before_task takes a frond::task_event const&");
        static_assert(has_after_task<H> || !names_after_task<H>, "frond: after_task takes a frond::task_event const&");
        static_assert(has_on_sample<H> || !names_on_sample<H>, "frond: on_sample takes a frond::progress const&");
        static_assert(has_after_run<H> || !names_after_run<H>, "frond: after_run takes a frond::run_event const&");
        static_assert(has_policy<H> || !names_policy<H>,
                      "frond: policy() gives a frond::observer_policy: frond::every(bound) or frond::latest(interval)");
        static_assert(has_policy<H> || !has_on_sample<H>,
                      "frond: a hook with on_sample says how often by policy(), which gives frond::latest(interval)");
    }

    template <class H>
    static constexpr std::uint16_t moments() {
        unsigned set = 0;
        if constexpr (detail::has_before_run<H>) set |= static_cast<unsigned>(hook_moment::before_run);
        if constexpr (detail::has_after_grouping<H>) set |= static_cast<unsigned>(hook_moment::after_grouping);
        if constexpr (detail::has_on_yield<H>) set |= static_cast<unsigned>(hook_moment::on_yield);
        if constexpr (detail::has_after_expansion<H>) set |= static_cast<unsigned>(hook_moment::after_expansion);
        if constexpr (detail::has_before_task<H>) set |= static_cast<unsigned>(hook_moment::before_task);
        if constexpr (detail::has_after_task<H>) set |= static_cast<unsigned>(hook_moment::after_task);
        if constexpr (detail::has_on_sample<H>) set |= static_cast<unsigned>(hook_moment::on_sample);
        if constexpr (detail::has_after_run<H>) set |= static_cast<unsigned>(hook_moment::after_run);
        return static_cast<std::uint16_t>(set);
    }

    template <class Call>
    static std::optional<async<void>> told(Call call) {
        if constexpr (std::is_void_v<decltype(call())>) {
            call();
            return std::nullopt;
        } else {
            static_assert(std::is_same_v<decltype(call()), async<void>>,
                          "frond: a hook's method returns void or async<void>");
            return call();
        }
    }

    template <class H>
    static std::optional<async<void>> tell(void* object, hook_moment moment, void const* event) {
        H& h = *static_cast<H*>(object);
        switch (moment) {
            case hook_moment::before_run:
                if constexpr (detail::has_before_run<H>)
                    return told([&] { return h.before_run(*static_cast<run_event const*>(event)); });
                break;
            case hook_moment::after_grouping:
                if constexpr (detail::has_after_grouping<H>)
                    return told([&] { return h.after_grouping(*static_cast<run_event const*>(event)); });
                break;
            case hook_moment::on_yield:
                if constexpr (detail::has_on_yield<H>)
                    return told([&] { return h.on_yield(*static_cast<yield_event const*>(event)); });
                break;
            case hook_moment::after_expansion:
                if constexpr (detail::has_after_expansion<H>)
                    return told([&] { return h.after_expansion(*static_cast<expansion_event const*>(event)); });
                break;
            case hook_moment::before_task:
                if constexpr (detail::has_before_task<H>)
                    return told([&] { return h.before_task(*static_cast<task_event const*>(event)); });
                break;
            case hook_moment::after_task:
                if constexpr (detail::has_after_task<H>)
                    return told([&] { return h.after_task(*static_cast<task_event const*>(event)); });
                break;
            case hook_moment::on_sample:
                if constexpr (detail::has_on_sample<H>)
                    return told([&] { return h.on_sample(*static_cast<progress const*>(event)); });
                break;
            case hook_moment::after_run:
                if constexpr (detail::has_after_run<H>)
                    return told([&] { return h.after_run(*static_cast<run_event const*>(event)); });
                break;
        }
        return std::nullopt;
    }

    void* object_;
    std::shared_ptr<void> keep_;
    std::uint16_t listens_;
    observer_policy policy_ = observer_policy::every();
    std::optional<async<void>> (*tell_)(void*, hook_moment, void const*);
};

}  // namespace frond
