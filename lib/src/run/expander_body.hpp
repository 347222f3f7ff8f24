// The body of one expander: a range, or a coroutine. It is made when its first values are wanted, and makes values in the
// buffers that it is given.
//
// Knows no lane and no child.
// Thread: one at a time.
#pragma once

#include "frond/base/error.hpp"
#include "frond/base/expander.hpp"
#include "frond/plan/plan.hpp"
#include "task_context.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace frond {

class expander_body {
public:
    /// `spec`: the expand task, which outlives it. `in`: the instance whose task it is.
    expander_body(task_spec const& spec, instance& in) noexcept;
    ~expander_body() { close(); }
    expander_body(expander_body const&) = delete;
    expander_body& operator=(expander_body const&) = delete;

    plan_step const& step() const noexcept { return context.spec->steps.front(); }

    /// Before the first `open`. A coroutine runs on this fiber.
    void prepare(fiber& on) noexcept;
    /// Makes the body at the first call. False: that throws, so the body has ended.
    bool open() noexcept;
    /// Destroys the body, if it was made; it can be opened again.
    void close() noexcept;

    bool is_coroutine() const noexcept { return promise_ != nullptr; }
    /// There will be no more values.
    bool ended() const noexcept { return ended_; }
    /// Why it has ended; none: it has come to its end. To be asked once.
    std::optional<error> take_failure() noexcept;
    /// It has made a value, whether or not it was closed since.
    bool has_yielded() const noexcept { return yielded_; }
    /// How many values there will be, if the body has said so.
    std::optional<std::uint64_t> expected() const noexcept;

    // ---- a range

    /// Makes up to `want` values in the buffer, and gives how many: fewer if the range has ended.
    unsigned take_range(std::byte* buffer, unsigned want) noexcept;

    // ---- a coroutine

    /// Goes on until there are `want` values, the coroutine ends or awaits. False: it awaits, and the fiber is to be left to
    /// the waker. True: it has stopped, and `take_values` must follow.
    bool advance(std::byte* buffer, unsigned want) noexcept;
    /// While it awaits: where the values go that it makes afterwards.
    void set_buffer(std::byte* buffer, unsigned want) noexcept;
    /// It has stopped after it had awaited; `take_values` must follow.
    void stopped() noexcept;
    /// How many values are in the buffer, which are the caller's from now on. The keys of these values go to `keys`, which are
    /// empty.
    unsigned take_values(std::vector<detail::keyed_position>& keys) noexcept;
    /// An await has not begun, since the values before it must be taken first.
    bool has_postponed_await() const noexcept { return promise_->postponed != nullptr; }

    task_context context;
    step_call call;

private:
    std::optional<std::uint64_t> size_;  // of the range
    std::optional<error> failure_;
    detail::expander_promise_base* promise_ = nullptr;  // of a coroutine that has been made
    bool made_ = false;
    bool ended_ = false;
    bool yielded_ = false;
};

}  // namespace frond
