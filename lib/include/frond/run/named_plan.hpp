// The plan of a graph made at run time: `auto plan = frond::plan_for(std::move(graph), options);`, made once, run many
// times at once. Inputs and outputs are found by name, and their types are checked when a run is prepared.
//
//     plan_options options;
//     options.wanted = {"total"};
//     auto outcome = frond::run_blocking(plan, frond::arg("root", fs::path(root)), bars);
//     if (outcome) print(outcome.value().get<word_counts>("total"));
#pragma once

#include "frond/graph/any_range.hpp"
#include "frond/run/detail/prepared_run.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace frond {

namespace detail {

template <class T>
using element_reference = decltype(*std::begin(std::declval<T&>()));
/// An element as range_source takes it: moved out of a container, copied from anything else.
template <class T>
using taken_element = std::conditional_t<requires { typename T::allocator_type; },
                                         std::remove_reference_t<element_reference<T>>&&, element_reference<T>>;

/// A container of elements that an expander can yield in its place. A type that is its own element, as a path is, is a
/// value like any other.
template <class T>
concept given_range = requires(T& range) {
    typename T::value_type;
    std::end(range);
    requires !std::is_same_v<std::remove_cvref_t<element_reference<T>>, T>;
    requires std::is_constructible_v<typename T::value_type, taken_element<T>>;
};

}  // namespace detail

/// A value for an input or an overridden node of a graph made at run time.
template <class T>
class given_value {
public:
    given_value(std::string name, T value) : name_(std::move(name)), value_(std::move(value)) {}

    std::string const& name() const noexcept { return name_; }
    value_type const& type() const noexcept { return value_type_of<T>; }
    void* address() noexcept { return &value_; }

    /// The type of the elements of a range, for an overridden expander; null if the value is no range.
    value_type const* element() const noexcept {
        if constexpr (detail::given_range<T>) {
            return &value_type_of<typename T::value_type>;
        } else {
            return nullptr;
        }
    }
    any_range range() {
        if constexpr (detail::given_range<T>) {
            return any_range::of<typename T::value_type>(std::move(value_));
        } else {
            return any_range();
        }
    }

private:
    std::string name_;
    T value_;
};

/// A reference to something that outlives the run.
template <class T>
class given_value<std::reference_wrapper<T>> {
public:
    given_value(std::string name, std::reference_wrapper<T> to) : name_(std::move(name)), to_(&to.get()) {}

    std::string const& name() const noexcept { return name_; }
    value_type const& type() const noexcept { return value_type_of<T&>; }
    void* address() noexcept { return &to_; }
    value_type const* element() const noexcept { return nullptr; }
    any_range range() { return any_range(); }

private:
    std::string name_;
    T* to_;
};

/// The value of the input of this name; it must have exactly the input's type. `std::ref(object)` stands for a
/// reference. For an overridden node the value is the node's, for an overridden
/// expander a container of the values that it would yield.
template <class T>
given_value<std::decay_t<T>> arg(std::string name, T&& value) {
    return given_value<std::decay_t<T>>(std::move(name), std::forward<T>(value));
}

namespace detail {

template <class A>
inline constexpr bool is_given_value = false;
template <class T>
inline constexpr bool is_given_value<given_value<T>> = true;

template <class T>
inline constexpr value_type const* element_of_vector = nullptr;
template <class T>
inline constexpr value_type const* element_of_vector<std::vector<T>> = &value_type_of<T>;

}  // namespace detail

/// The outputs of a run, by name. Owns them.
class named_results {
public:
    /// Moves the outputs out of an ended run that has not failed.
    explicit named_results(run_outcome const& ended);

    /// The value of a wanted node; of an expander, the std::vector of the values that it yielded.
    /// Errors: throws bad_result (invalid_arguments) if no output has this name and type.
    template <class T>
    T& get(std::string_view name) {
        return *static_cast<T*>(find(name, value_type_of<T>, detail::element_of_vector<T>));
    }
    template <class T>
    T const& get(std::string_view name) const {
        return *static_cast<T const*>(find(name, value_type_of<T>, detail::element_of_vector<T>));
    }

private:
    /// A value in memory of its own.
    class kept {
    public:
        kept(plan::output const& from, void* value);
        kept(kept&& other) noexcept = default;

        plan::output const& what() const noexcept { return *what_; }
        void* get() const noexcept { return value_.get(); }

    private:
        struct deleter {
            void (*destroy)(void*) noexcept;
            void operator()(void* value) const noexcept;
        };
        plan::output const* what_;  // in the plan, which outlives this
        std::unique_ptr<void, deleter> value_;
    };

    void* find(std::string_view name, value_type const& type, value_type const* element) const;

    std::shared_ptr<plan const> plan_;
    std::vector<kept> values_;
};

/// Immutable and cheap to copy. `failure` says what is wrong with the options, and so does every run.
/// Thread: any, at once.
class named_plan {
public:
    using output = named_results;

    named_plan(graph of, plan_options const& asked);

    /// The plan itself. Requires: no failure.
    std::shared_ptr<plan const> const& get() const noexcept { return made_->assume_value(); }
    /// Why there is no plan; null if there is one.
    error const* failure() const noexcept { return made_->has_error() ? &made_->assume_error() : nullptr; }
    explicit operator bool() const noexcept { return failure() == nullptr; }

    /// Prepares a run. Arguments are `arg("name", value)` and hooks: lvalues or shared_ptrs.
    /// Errors: those of the plan; invalid_arguments, whose message lists every fault. Nothing is thrown.
    template <class... A>
    result<prepared_run> prepare(A&&... arguments) const noexcept {
        if (failure() != nullptr) return *failure();
        try {
            prepared_run made;
            giving values(*get());
            (take_argument(values, made, std::forward<A>(arguments)), ...);
            auto run = values.prepare(get(), made.hooks);
            if (!run) return std::move(run).assume_error();
            made.run = std::move(run).assume_value();
            return made;
        } catch (...) {
            return error::from_exception(std::current_exception());
        }
    }

    /// The outputs, moved out of an ended run, or the run's failure.
    /// An exception while they are moved is a failure, too.
    static result<output> take(run_outcome& ended) noexcept;

    /// Runs the plan: `async_run(arguments..., hooks..., token)` completes with `void(result<named_results>)`.
    /// Defined in frond/asio/run.hpp.
    template <class... A>
    auto async_run(A&&... arguments_and_token) const;

private:
    /// The values for one run, and the faults found in them.
    class giving {
    public:
        explicit giving(plan const& of) : of_(of) {}

        template <class T>
        void add(given_value<T>& value) {
            auto const input = find(value.name());
            if (!input) return;
            if (!fits(of_.inputs[*input], value.type(), value.element())) {
                values_.push_back({*input, nullptr});
                return;
            }
            bool const ranged = of_.inputs[*input].element != nullptr;
            if (ranged) ranges_.push_back(std::make_unique<any_range>(value.range()));
            values_.push_back({*input, ranged ? ranges_.back().get() : value.address()});
        }
        void add(prepared_run& made, run_report& report) { detail::set_report(made, report, faults_); }
        /// A value that its caller keeps, for other runs: this run moves from a copy.
        template <class T>
        void copy(given_value<T> const& value) {
            auto const own = std::make_shared<given_value<T>>(value);
            copies_.push_back(own);
            add(*own);
        }
        result<run_handle> prepare(std::shared_ptr<plan const> const& what, std::vector<any_hook> const& hooks);

    private:
        /// The input of this name. Fault: there is none.
        std::optional<std::size_t> find(std::string const& name);
        /// Whether a value of this type is right. `element`: of a range, the type of its elements; else null. Fault: it is not.
        bool fits(plan::input const& input, value_type const& type, value_type const* element);

        plan const& of_;
        std::vector<run_argument> values_;
        std::vector<std::unique_ptr<any_range>> ranges_;
        std::vector<std::shared_ptr<void>> copies_;
        std::vector<std::string> faults_;
    };

    static void take_argument(giving& values, prepared_run& made, run_report& report) { values.add(made, report); }
    template <class A>
    static void take_argument(giving& values, prepared_run& made, A&& argument) {
        using type = std::remove_cvref_t<A>;
        using object = typename detail::hook_behind<type>::type;
        if constexpr (detail::is_given_value<type> && std::is_same_v<A, type>) {
            values.add(argument);
        } else if constexpr (detail::is_given_value<type>) {
            static_assert(std::is_copy_constructible_v<type>,
                          "frond: a run copies from an argument that is kept in a variable, and this value cannot be "
                          "copied: hand the argument in by std::move");
            if constexpr (std::is_copy_constructible_v<type>) values.copy(argument);
        } else if constexpr (!detail::methods_are_right<object>(detail::all_moments())) {
            static_assert(!detail::wrong_hook<object>::ok);  // the message says why
        } else if constexpr (hook<type> && !std::is_lvalue_reference_v<A>) {
            static_assert(!detail::temporary_hook<type>::ok);
        } else {
            static_assert(detail::is_hook_argument<type>,
                          "frond: a run of a graph made at run time is given arg(\"name\", value), hooks, and a "
                          "run_report that outlives it");
            if constexpr (detail::is_hook_argument<type>) detail::add_hook(made.hooks, argument);
        }
    }

    std::shared_ptr<result<std::shared_ptr<plan const>> const> made_;
};

/// Plans the nodes that the options want, of a graph made at run time.
inline named_plan plan_for(graph of, plan_options const& asked) { return named_plan(std::move(of), asked); }

}  // namespace frond
