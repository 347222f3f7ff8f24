// How long a pump has held its thread, as far as the clock was looked at.
#pragma once

#include <chrono>
#include <optional>

namespace frond {

/// The result of a look at the clock.
struct clock_look {
    std::chrono::steady_clock::duration held{};                  // since the first look of the pump
    std::optional<std::chrono::steady_clock::duration> since{};  // the look before; none: this is the first one
};

/// Thread: one at a time.
class thread_slice {
    using time_point = std::chrono::steady_clock::time_point;

public:
    /// The clock was looked at.
    clock_look look(time_point now) noexcept {
        clock_look told;
        if (began_ == time_point{}) {
            began_ = now;
        } else {
            told.since = now - looked_;
        }
        told.held = now - began_;
        looked_ = now;
        return told;
    }

private:
    time_point began_{};
    time_point looked_{};
};

}  // namespace frond
