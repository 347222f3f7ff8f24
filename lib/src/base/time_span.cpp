#include "frond/base/time_span.hpp"

#include <array>
#include <utility>

namespace frond {

std::string to_string(time_span of) {
    using namespace std::chrono_literals;
    constexpr std::array<std::pair<duration, char const*>, 3> units = {{{1s, " s"}, {1ms, " ms"}, {1us, " us"}}};
    duration const length = of;
    if (length == duration::max()) return "for ever";
    for (auto const& [unit, name] : units) {
        if (length % unit == 0ns) return std::to_string(length / unit) + name;
    }
    return std::to_string(length / 1ns) + " ns";
}

}  // namespace frond
