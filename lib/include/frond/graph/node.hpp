// What the later layers know of a node: names, kinds and pointers to functions. The typed front end and the run-time
// builder both make these; nothing behind them knows how a node was written.
#pragma once

#include "frond/base/expander.hpp"
#include "frond/base/fiber.hpp"
#include "frond/base/value_type.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frond {

enum class node_kind : std::uint8_t {
    input,     // a value from outside the graph
    plain,     // a function; a collector if one of its parameters collects
    expander,  // yields parameters, one child each
};

/// How a parameter takes what it depends on.
enum class need : std::uint8_t {
    value,           // in: the value of one node
    take,            // take: the same, to move from
    list,            // all: every child's value, in the order of expansion
    list_results,    // all_results: the same, failures as values
    stream,          // each: every child's value, as they finish
    stream_results,  // each_result: the same, failures as values
    // Of an expander alone:
    feedback,          // back: what its own children give, as they finish
    feedback_results,  // back_result: the same, failures as values
};

constexpr bool feeds_back(need how) noexcept { return how >= need::feedback; }
constexpr bool collects(need how) noexcept { return how >= need::list && !feeds_back(how); }
constexpr bool lists(need how) noexcept { return how == need::list || how == need::list_results; }
constexpr bool streams(need how) noexcept { return how == need::stream || how == need::stream_results; }
constexpr bool takes_results(need how) noexcept {
    return how == need::list_results || how == need::stream_results || how == need::feedback_results;
}

/// Where a value lies: an offset from one of a task's base addresses.
struct place {
    std::uint32_t base = 0;
    std::uint32_t offset = 0;
};

/// The addresses of a node's arguments, in the order of its parameters:
/// for value and take the value (for a reference input, a pointer to what it refers to), for list and list_results the
/// std::vector, for all others a pointer to the result_channel.
struct arguments {
    std::byte* const* bases = nullptr;
    place const* places = nullptr;

    void* operator[](std::size_t i) const noexcept { return bases[places[i].base] + places[i].offset; }
};

enum class step_status : std::uint8_t {
    done,     // the value is at `out`
    failed,   // `failure` says why; there is no value
    started,  // a coroutine: `frame` is to be run on a fiber, then `finish` called
};

/// One call of a node.
struct step_call {
    arguments args;
    void* out = nullptr;            // where the value is to be made
    void* state = nullptr;          // the node's own memory: node_body::state_size bytes
    void* self = nullptr;           // the callable of a node made at run time
    fiber* on = nullptr;            // the fiber that a coroutine will run on
    std::coroutine_handle<> frame;  // of a coroutine, after `start`
    std::optional<error> failure;
};

/// The functions behind a node. Absent ones are null. None throws: what user code throws is in `failure`.
struct node_body {
    std::size_t state_size = 0;
    std::size_t state_align = 1;
    bool coroutine = false;  // it may suspend

    // ---- plain nodes
    /// Makes the value, or makes the coroutine (in `state`) and gives its frame.
    step_status (*start)(step_call&) noexcept = nullptr;
    /// After `start`: who goes on when the coroutine has ended, in its fiber's driver's stead.
    void (*then)(void* state, std::coroutine_handle<> continuation) noexcept = nullptr;
    /// The coroutine's frame has stopped: makes the value, destroys the coroutine. Gives done or failed.
    step_status (*finish)(step_call&) noexcept = nullptr;
    /// Destroys the coroutine in `state`, which will not be finished.
    void (*abandon)(void* state) noexcept = nullptr;

    // ---- expanders
    /// Makes the source in `state`. Gives done (a range), started (a coroutine; `frame`) or failed.
    step_status (*open)(step_call&) noexcept = nullptr;
    /// A coroutine's promise, in which the driver sets the buffer.
    detail::expander_promise_base& (*promise)(void* state) noexcept = nullptr;
    /// A range: makes up to `capacity` values at `buffer` and gives how many in `count`; fewer than `capacity`: it has ended.
    /// On failure `count` values have been made.
    step_status (*pull)(step_call&, void* buffer, unsigned capacity, unsigned& count) noexcept = nullptr;
    /// How many values a range that has just been opened has, if it knows; null: it never does.
    std::optional<std::uint64_t> (*size)(void* state) noexcept = nullptr;
    /// Destroys the source.
    void (*close)(void* state) noexcept = nullptr;

    // ---- optional inputs
    /// Makes the default value, which may be kept in node::self; null: the input is required. May throw.
    void (*make_default)(void* at, void* self) = nullptr;
};

/// One parameter of a node of a graph.
struct parameter {
    need how = need::value;
    std::vector<std::size_t> nodes;  // what it depends on, as places in the graph; several for a joint stream
};

/// A node of a graph.
struct node {
    std::string name;       // unique in its graph
    std::string qualified;  // with namespaces; the same as `name` for what is made at run time
    node_kind kind = node_kind::plain;
    value_type const* type = nullptr;  // of the value; of what it yields, for an expander
    std::vector<parameter> parameters;
    node_body const* body = nullptr;
    std::shared_ptr<void> self;  // of a callable made at run time

    bool is_collector() const noexcept {
        return std::any_of(parameters.begin(), parameters.end(), [](parameter const& p) { return collects(p.how); });
    }
    /// An expander that reads what its own children give.
    bool is_fed_back() const noexcept {
        return std::any_of(parameters.begin(), parameters.end(), [](parameter const& p) { return feeds_back(p.how); });
    }
};

/// Whether a second call would not find what the first one has taken.
constexpr bool uses_up(node const& of) noexcept {
    for (auto const& p : of.parameters) {
        if (p.how == need::take || streams(p.how)) return true;
    }
    return false;
}

}  // namespace frond
