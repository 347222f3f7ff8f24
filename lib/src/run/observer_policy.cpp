#include "frond/run/observer_policy.hpp"

namespace frond {

std::string observer_policy::fault() const {
    if (samples() && time_ <= duration::zero()) {
        return "latest(" + to_string(time_) +
               "): a hook is sampled at an interval that is longer than zero; say latest(100ms), or "
               "leave on_sample out";
    }
    if (lossless() && time_ < duration::zero()) {
        return "lossless(" + std::to_string(bound_) + ", " + to_string(time_) +
               "): the stall limit is negative; 0 s lets the hook hold nothing back, the longest duration is for ever";
    }
    return {};
}

}  // namespace frond
