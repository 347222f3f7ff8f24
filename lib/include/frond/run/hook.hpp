// Hooks: objects with methods by which they are told of a run, or take part in it. This is the erased form in which a
// run keeps a hook, and how that form is made from any object.
//
// An observer is told of events: each observer has its own queue and its own coroutine, and its calls come one at a
// time, in order. A run waits for no observer, unless its policy is `lossless`. An interceptor (see interceptor.hpp)
// wraps tasks or nodes, and may delay and change them. An object may be both.
#pragma once

#include "frond/base/async.hpp"
#include "frond/graph/detail/signature.hpp"
#include "frond/run/detail/told_children.hpp"
#include "frond/run/hook_moment.hpp"
#include "frond/run/observer_policy.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace frond {

class node_call;
class plan;
class task_call;

namespace detail {

class children_teller;

template <class H, hook_moment... Each>
constexpr bool told_of_any(moment_list<Each...>) {
    return (told_of<H, Each> || ...);
}
// clang-format off
template <class H> concept names_policy = requires { &H::policy; };
template <class H> concept has_policy = requires(H& h) { { h.policy() } -> std::convertible_to<observer_policy>; };
template <class H> concept names_around_task = requires { &H::around_task; };
template <class H> concept has_around_task = requires(H& h, task_call& c) { { h.around_task(c) } -> std::same_as<async<void>>; };
template <class H> concept names_around_node = requires { &H::around_node; };
template <class H> concept has_around_node = requires(H& h, node_call& c) { { h.around_node(c) } -> std::same_as<async<void>>; };
template <class H> concept names_check_plan = requires { &H::check_plan; };
template <class H> concept has_check_plan = requires(H& h, plan const& p) { { h.check_plan(p) } -> std::convertible_to<std::string>; };
// clang-format on

template <class R>
inline constexpr bool right_return = std::is_void_v<R> || requires(R told) {
    { node_return<R>::adapt(std::move(told)) } -> std::same_as<async<void>>;
};

/// Whether a method with the name of a moment takes that moment's event. Another one would never be called.
template <class H, hook_moment Moment>
inline constexpr bool takes_event = told_of<H, Moment> || !hook_method<Moment>::template named<H>;
/// Whether it returns something that a run can wait for.
template <class H, hook_moment Moment>
inline constexpr bool returns_right = true;
template <class H, hook_moment Moment>
    requires told_of<H, Moment>
inline constexpr bool returns_right<H, Moment> = right_return<decltype(hook_method<Moment>::call(
    std::declval<H&>(), std::declval<typename hook_method<Moment>::event const&>()))>;

/// Refuses methods that are not what their names promise.
template <class H, hook_moment... Each>
constexpr void check_methods(moment_list<Each...>) {
    (hook_method<Each>::template check<takes_event<H, Each>>(), ...);
    static_assert((returns_right<H, Each> && ...),
                  "frond: a hook's method returns void or frond::async<void>, or asio::awaitable<void> where "
                  "<frond/asio.hpp> is included");
    static_assert(has_policy<H> || !names_policy<H>,
                  "frond: policy() gives a frond::observer_policy: frond::every(bound), frond::latest(interval) or "
                  "frond::lossless(bound)");
    static_assert(has_policy<H> || !told_of<H, hook_moment::on_sample>,
                  "frond: a hook with on_sample says how often by policy(), which gives frond::latest(interval)");
    static_assert(has_around_task<H> || !names_around_task<H>,
                  "frond: around_task takes a frond::task_call& and returns frond::async<void>");
    static_assert(has_around_node<H> || !names_around_node<H>,
                  "frond: around_node takes a frond::node_call& and returns frond::async<void>");
    static_assert(has_check_plan<H> || !names_check_plan<H>,
                  "frond: check_plan takes a frond::plan const& and returns a std::string: what is wrong, or nothing");
}

/// Whether check_methods has nothing to say.
template <class H, hook_moment... Each>
constexpr bool methods_are_right(moment_list<Each...>) {
    return ((takes_event<H, Each> && returns_right<H, Each>) && ...) && (has_policy<H> || !names_policy<H>) &&
           (has_policy<H> || !told_of<H, hook_moment::on_sample>) && (has_around_task<H> || !names_around_task<H>) &&
           (has_around_node<H> || !names_around_node<H>);
}

template <class H, hook_moment... Each>
constexpr hook_moments moments_of(moment_list<Each...>) {
    hook_moments made;
    ((told_of<H, Each> ? made.add(Each) : void()), ...);
    return made;
}

}  // namespace detail

/// An object with at least one of the hook methods, each returning void or async<void>, or another coroutine of nothing that a node
/// may return.
template <class H>
concept hook =
    detail::told_of_any<H>(detail::all_moments()) || detail::has_around_task<H> || detail::has_around_node<H>;

/// A hook whose type is erased, for lists that are made at run time. Made of a shared_ptr it owns the hook. Made of a
/// reference it does not, and the hook must outlive the run.
class any_hook {
public:
    template <hook H>
    explicit any_hook(H& object) : any_hook(object, nullptr) {}
    template <hook H>
    explicit any_hook(std::shared_ptr<H> object) : any_hook(*object, object) {}

    bool listens(hook_moment moment) const noexcept { return listens_.has(moment); }
    hook_moments listens() const noexcept { return listens_; }
    observer_policy const& policy() const noexcept { return policy_; }
    /// True if the hook lives as long as this object.
    bool owns() const noexcept { return keep_ != nullptr; }
    /// The hook itself: the same for every any_hook that was made of the object.
    void* object() const noexcept { return object_; }

    /// Calls the method of that moment with its event. Gives the coroutine to await, if the method returns one.
    /// Requires: the hook listens to the moment.
    std::optional<async<void>> call(hook_moment moment, void const* event) const {
        return tell_[static_cast<std::size_t>(moment)](object_, event);
    }

    /// What the hook has against a run of this plan, by its method `check_plan`; empty if nothing. Asked before the run is made.
    std::string check_plan(plan const& of) const {
        return check_plan_ != nullptr ? check_plan_(object_, of) : std::string();
    }

    // ---- interceptors
    bool wraps_tasks() const noexcept { return around_task_ != nullptr; }
    bool wraps_nodes() const noexcept { return around_node_ != nullptr; }
    async<void> wrap_task(task_call& call) const { return around_task_(object_, call); }
    async<void> wrap_node(node_call& call) const { return around_node_(object_, call); }

private:
    friend class detail::children_teller;

    template <class H>
    any_hook(H& object, std::shared_ptr<void> keep)
        : object_(&object),
          keep_(std::move(keep)),
          listens_(detail::moments_of<H>(detail::all_moments())),
          tell_(methods_of<H>(detail::all_moments())) {
        detail::check_methods<H>(detail::all_moments());
        if constexpr (detail::has_policy<H>) policy_ = object.policy();
        if constexpr (detail::has_check_plan<H>)
            check_plan_ = [](void* at, plan const& of) -> std::string { return static_cast<H*>(at)->check_plan(of); };
        if constexpr (detail::told_in_a_loop<H>) tell_children_ = &detail::tell_children<H>;
        if constexpr (detail::has_around_task<H>)
            around_task_ = [](void* at, task_call& call) { return static_cast<H*>(at)->around_task(call); };
        if constexpr (detail::has_around_node<H>)
            around_node_ = [](void* at, node_call& call) { return static_cast<H*>(at)->around_node(call); };
    }

    using method = std::optional<async<void>> (*)(void* object, void const* event);

    template <class H, hook_moment Moment>
    static std::optional<async<void>> tell(void* object, void const* event) {
        using told = detail::hook_method<Moment>;
        auto& hook = *static_cast<H*>(object);
        auto const& of = *static_cast<typename told::event const*>(event);
        using returned = decltype(told::call(hook, of));
        if constexpr (std::is_void_v<returned>) {
            told::call(hook, of);
            return std::nullopt;
        } else {
            return node_return<returned>::adapt(told::call(hook, of));
        }
    }
    template <class H, hook_moment Moment>
    static constexpr method method_of() {
        if constexpr (detail::told_of<H, Moment>) return &tell<H, Moment>;
        return nullptr;
    }
    /// The methods by the numbers of their moments; null where the hook does not listen.
    template <class H, hook_moment... Each>
    static method const* methods_of(detail::moment_list<Each...>) {
        static_assert([](std::size_t place) { return ((static_cast<std::size_t>(Each) == place++) && ...); }(0),
                      "the list of moments is in the order of their numbers");
        static constexpr method made[] = {method_of<H, Each>()...};
        return made;
    }

    void* object_;
    std::shared_ptr<void> keep_;
    hook_moments listens_;
    observer_policy policy_ = every();
    method const* tell_;
    void (*tell_children_)(void*, detail::told_children&) noexcept = nullptr;
    std::string (*check_plan_)(void*, plan const&) = nullptr;
    async<void> (*around_task_)(void*, task_call&) = nullptr;
    async<void> (*around_node_)(void*, node_call&) = nullptr;
};

namespace detail {

/// How a run tells a hook of many children in one call.
class children_teller {
public:
    /// The hook outlives it.
    explicit children_teller(any_hook const& of) noexcept : of_(of) {}

    /// False: the hook has to be told of each child by itself.
    bool possible() const noexcept { return of_.tell_children_ != nullptr; }
    /// Tells the hook of all children in `of`, or of fewer if the fiber that tells is cancelled. Requires: possible().
    void tell(told_children& of) const noexcept { of_.tell_children_(of_.object_, of); }

private:
    any_hook const& of_;
};

}  // namespace detail

}  // namespace frond
