// The moments that a hook may be told of: for each the name of the method and the event that it takes. This is the only
// list; code that needs all moments goes through it.
#pragma once

#include "frond/run/event.hpp"

#include <concepts>
#include <cstdint>

namespace frond {

enum class hook_moment : std::uint8_t {
    after_graph_construction,
    before_run,
    after_grouping,
    on_yield,
    total_known,
    after_expansion,
    on_not_started,
    on_stream_growth,
    before_submission,
    before_task,
    before_node,
    on_progress,
    on_retry,
    after_node,
    after_task,
    after_return,
    on_sample,
    after_run,
};

/// A set of moments.
class hook_moments {
public:
    constexpr hook_moments() noexcept = default;
    template <std::same_as<hook_moment>... Moment>
    constexpr explicit hook_moments(Moment... each) noexcept : bits_((0U | ... | bit(each))) {}

    constexpr bool has(hook_moment moment) const noexcept { return (bits_ & bit(moment)) != 0; }
    constexpr bool any() const noexcept { return bits_ != 0; }
    constexpr bool has_any(hook_moments of) const noexcept { return (bits_ & of.bits_) != 0; }
    constexpr void add(hook_moment moment) noexcept { bits_ |= bit(moment); }
    constexpr void add(hook_moments more) noexcept { bits_ |= more.bits_; }
    constexpr void remove(hook_moments what) noexcept { bits_ &= ~what.bits_; }

private:
    static constexpr std::uint32_t bit(hook_moment moment) noexcept { return 1U << static_cast<unsigned>(moment); }
    std::uint32_t bits_ = 0;
};

namespace detail {

/// How a hook is told of a moment: `call` calls the hook's method of that name with the event that it takes; `named` is
/// true if the hook has any method of that name; `check` does not compile for a method that takes another event.
template <hook_moment Moment>
struct hook_method;

template <class Event>
struct takes {
    using event = Event;
};

// clang-format off
template <> struct hook_method<hook_moment::after_graph_construction> : takes<run_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_graph_construction takes a frond::run_event const&; as it is it would never be called"); }
    static auto call(auto& h, run_event const& e) -> decltype(h.after_graph_construction(e)) { return h.after_graph_construction(e); }
    template <class H> static constexpr bool named = requires { &H::after_graph_construction; };
};
template <> struct hook_method<hook_moment::before_run> : takes<run_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's before_run takes a frond::run_event const&; as it is it would never be called"); }
    static auto call(auto& h, run_event const& e) -> decltype(h.before_run(e)) { return h.before_run(e); }
    template <class H> static constexpr bool named = requires { &H::before_run; };
};
template <> struct hook_method<hook_moment::after_grouping> : takes<run_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_grouping takes a frond::run_event const&; as it is it would never be called"); }
    static auto call(auto& h, run_event const& e) -> decltype(h.after_grouping(e)) { return h.after_grouping(e); }
    template <class H> static constexpr bool named = requires { &H::after_grouping; };
};
template <> struct hook_method<hook_moment::on_yield> : takes<yield_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_yield takes a frond::yield_event const&; as it is it would never be called"); }
    static auto call(auto& h, yield_event const& e) -> decltype(h.on_yield(e)) { return h.on_yield(e); }
    template <class H> static constexpr bool named = requires { &H::on_yield; };
};
template <> struct hook_method<hook_moment::total_known> : takes<expansion_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's total_known takes a frond::expansion_event const&; as it is it would never be called"); }
    static auto call(auto& h, expansion_event const& e) -> decltype(h.total_known(e)) { return h.total_known(e); }
    template <class H> static constexpr bool named = requires { &H::total_known; };
};
template <> struct hook_method<hook_moment::after_expansion> : takes<expansion_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_expansion takes a frond::expansion_event const&; as it is it would never be called"); }
    static auto call(auto& h, expansion_event const& e) -> decltype(h.after_expansion(e)) { return h.after_expansion(e); }
    template <class H> static constexpr bool named = requires { &H::after_expansion; };
};
template <> struct hook_method<hook_moment::on_not_started> : takes<not_started_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_not_started takes a frond::not_started_event const&; as it is it would never be called"); }
    static auto call(auto& h, not_started_event const& e) -> decltype(h.on_not_started(e)) { return h.on_not_started(e); }
    template <class H> static constexpr bool named = requires { &H::on_not_started; };
};
template <> struct hook_method<hook_moment::on_stream_growth> : takes<stream_growth_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_stream_growth takes a frond::stream_growth_event const&; as it is it would never be called"); }
    static auto call(auto& h, stream_growth_event const& e) -> decltype(h.on_stream_growth(e)) { return h.on_stream_growth(e); }
    template <class H> static constexpr bool named = requires { &H::on_stream_growth; };
};
template <> struct hook_method<hook_moment::before_submission> : takes<task_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's before_submission takes a frond::task_event const&; as it is it would never be called"); }
    static auto call(auto& h, task_event const& e) -> decltype(h.before_submission(e)) { return h.before_submission(e); }
    template <class H> static constexpr bool named = requires { &H::before_submission; };
};
template <> struct hook_method<hook_moment::before_task> : takes<task_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's before_task takes a frond::task_event const&; as it is it would never be called"); }
    static auto call(auto& h, task_event const& e) -> decltype(h.before_task(e)) { return h.before_task(e); }
    template <class H> static constexpr bool named = requires { &H::before_task; };
};
template <> struct hook_method<hook_moment::before_node> : takes<node_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's before_node takes a frond::node_event const&; as it is it would never be called"); }
    static auto call(auto& h, node_event const& e) -> decltype(h.before_node(e)) { return h.before_node(e); }
    template <class H> static constexpr bool named = requires { &H::before_node; };
};
template <> struct hook_method<hook_moment::on_progress> : takes<progress_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_progress takes a frond::progress_event const&; as it is it would never be called"); }
    static auto call(auto& h, progress_event const& e) -> decltype(h.on_progress(e)) { return h.on_progress(e); }
    template <class H> static constexpr bool named = requires { &H::on_progress; };
};
template <> struct hook_method<hook_moment::on_retry> : takes<retry_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_retry takes a frond::retry_event const&; as it is it would never be called"); }
    static auto call(auto& h, retry_event const& e) -> decltype(h.on_retry(e)) { return h.on_retry(e); }
    template <class H> static constexpr bool named = requires { &H::on_retry; };
};
template <> struct hook_method<hook_moment::after_node> : takes<node_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_node takes a frond::node_event const&; as it is it would never be called"); }
    static auto call(auto& h, node_event const& e) -> decltype(h.after_node(e)) { return h.after_node(e); }
    template <class H> static constexpr bool named = requires { &H::after_node; };
};
template <> struct hook_method<hook_moment::after_task> : takes<task_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_task takes a frond::task_event const&; as it is it would never be called"); }
    static auto call(auto& h, task_event const& e) -> decltype(h.after_task(e)) { return h.after_task(e); }
    template <class H> static constexpr bool named = requires { &H::after_task; };
};
template <> struct hook_method<hook_moment::after_return> : takes<task_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_return takes a frond::task_event const&; as it is it would never be called"); }
    static auto call(auto& h, task_event const& e) -> decltype(h.after_return(e)) { return h.after_return(e); }
    template <class H> static constexpr bool named = requires { &H::after_return; };
};
template <> struct hook_method<hook_moment::on_sample> : takes<progress> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's on_sample takes a frond::progress const&; as it is it would never be called"); }
    static auto call(auto& h, progress const& e) -> decltype(h.on_sample(e)) { return h.on_sample(e); }
    template <class H> static constexpr bool named = requires { &H::on_sample; };
};
template <> struct hook_method<hook_moment::after_run> : takes<run_event> {
    template <bool Right> static constexpr void check() { static_assert(Right, "frond: a hook's after_run takes a frond::run_event const&; as it is it would never be called"); }
    static auto call(auto& h, run_event const& e) -> decltype(h.after_run(e)) { return h.after_run(e); }
    template <class H> static constexpr bool named = requires { &H::after_run; };
};
// clang-format on

template <hook_moment... Each>
struct moment_list {};

/// All moments, in the order of their numbers.
using all_moments =
    moment_list<hook_moment::after_graph_construction, hook_moment::before_run, hook_moment::after_grouping,
                hook_moment::on_yield, hook_moment::total_known, hook_moment::after_expansion,
                hook_moment::on_not_started, hook_moment::on_stream_growth, hook_moment::before_submission,
                hook_moment::before_task, hook_moment::before_node, hook_moment::on_progress, hook_moment::on_retry,
                hook_moment::after_node, hook_moment::after_task, hook_moment::after_return, hook_moment::on_sample,
                hook_moment::after_run>;

template <class H, hook_moment Moment>
concept told_of = requires(H& h, typename hook_method<Moment>::event const& e) { hook_method<Moment>::call(h, e); };

}  // namespace detail

}  // namespace frond
