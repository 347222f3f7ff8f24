#include "frond/hooks/detail/option_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace frond::hooks::detail {

namespace {

[[noreturn]] void refuse_option(char const* option, std::string const& given, std::string const& remedy) {
    throw std::invalid_argument(fmt::format("frond::hooks::{}({}): {}", option, given, remedy));
}

}  // namespace

duration longer_than_zero(char const* option, time_span given) {
    if (given <= duration::zero()) refuse_option(option, to_string(given), "say a time that is longer than zero");
    return given;
}

duration zero_or_longer(char const* option, time_span given) {
    if (given < duration::zero()) refuse_option(option, to_string(given), "say 0 s or longer");
    return given;
}

std::uint64_t within(char const* option, std::uint64_t given, std::uint64_t least, std::uint64_t most) {
    if (given < least || given > most)
        refuse_option(option, std::to_string(given), fmt::format("say {} to {}", least, most));
    return given;
}

int descriptor(char const* option, int given) {
    if (given < 0) refuse_option(option, std::to_string(given), "say the descriptor of an open file");
    return given;
}

std::vector<double> ascending(char const* option, std::vector<double> given) {
    if (given.empty()) refuse_option(option, "none", "say at least one bound, or leave the option out");
    for (double const each : given) {
        if (!(each > 0) || !std::isfinite(each)) {
            refuse_option(option, fmt::format("{}", each),
                          "say positive, finite numbers; the bucket without a bound comes by itself");
        }
    }
    auto const wrong = std::adjacent_find(given.begin(), given.end(), [](double a, double b) { return a >= b; });
    if (wrong != given.end()) {
        refuse_option(option, fmt::format("..., {}, {}, ...", *wrong, *(wrong + 1)),
                      "say each bound once, in ascending order");
    }
    return given;
}

observer_policy telling(char const* option, observer_policy const& given) {
    if (std::string const wrong = given.fault(); !wrong.empty()) refuse_option(option, "...", wrong);
    if (given.samples()) {
        refuse_option(option, "latest(" + to_string(given.interval()) + ')',
                      "a hook that is sampled is told of no task; say every(bound) or lossless(bound)");
    }
    return given;
}

}  // namespace frond::hooks::detail
