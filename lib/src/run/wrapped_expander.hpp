// One expander that interceptors wrap, or that is tried again: their coroutines, on the expander's fiber, with its body inside.
//
// The source runs both, one at a time. The innermost coroutine stops where the body is to run, and goes on when the body has ended,
// and its values are taken.
// Thread: one at a time.
#pragma once

#include "expander_body.hpp"
#include "frond/base/async.hpp"
#include "open_expansion.hpp"

#include <coroutine>
#include <optional>
#include <utility>

namespace frond {

class wrapped_expander {
public:
    /// All outlive it. Errors: throws std::bad_alloc.
    wrapped_expander(open_expansion& of, expander_body& body, fiber& on);

    // ---- for the source

    /// The interceptors wait for the end of the body.
    bool waits_for_body() const noexcept { return waits_; }
    /// The frame that is to run on the fiber: where the interceptors begin or go on. When the fiber has stopped they wait for the body
    /// again, or have ended.
    std::coroutine_handle<> go_on() noexcept {
        waits_ = false;
        return frame_;
    }
    /// Once they have ended: why the expander has failed; none: it has not.
    std::optional<error> take_failure() noexcept;

    // ---- for the innermost interceptor

    /// Stops the fiber, so that the body may run.
    template <class Promise>
    void wait_for_body(std::coroutine_handle<Promise> frame) noexcept {
        waits_ = true;
        frame_ = frame;
        frame.promise().on->stop();
    }
    /// Goes on after `wait_for_body`: destroys the body, and gives why it has failed. None: it has come to its end, or nobody wants
    /// more of it.
    std::optional<error> body_ended() noexcept;
    bool has_yielded() const noexcept { return body_.has_yielded(); }

private:
    open_expansion& of_;
    expander_body& body_;
    async<bool> attempts_;
    std::coroutine_handle<> frame_;
    bool waits_ = false;
};

}  // namespace frond
