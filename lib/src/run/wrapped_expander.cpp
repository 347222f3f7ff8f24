#include "wrapped_expander.hpp"

#include "node_attempts.hpp"

#include <exception>

namespace frond {

wrapped_expander::wrapped_expander(open_expansion& of, expander_body& body, fiber& on)
    : of_(of),
      body_(body),
      attempts_(attempt_node(body.call, body.step(), body.context, this)),
      frame_(attempts_.start_on(on)) {}

std::optional<error> wrapped_expander::take_failure() noexcept {
    try {
        if (attempts_.take()) return std::nullopt;
    } catch (...) {
        return error::from_exception(std::current_exception());
    }
    return std::exchange(body_.call.failure, std::nullopt);
}

std::optional<error> wrapped_expander::body_ended() noexcept {
    std::optional<error> failure = body_.take_failure();
    if (!body_.ended() && of_.cancelled()) failure = error::canceled();
    body_.close();
    if (!failure) return std::nullopt;
    error judged = failure->judged(of_.stopping());
    if (judged.is_canceled() && !of_.cancelled()) return std::nullopt;
    return judged;
}

}  // namespace frond
