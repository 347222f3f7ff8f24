#include "timeline.hpp"

#include <algorithm>
#include <cmath>

namespace frond::hooks::detail {

namespace {

constexpr std::int64_t most_stretches = 1024;

}  // namespace

void timeline::add(std::int64_t at, std::int64_t change) {
    at = std::max<std::int64_t>(at, 0);
    while (at / width_ >= most_stretches) lengthen();
    auto const which = static_cast<std::size_t>(at / width_);
    if (which >= stretches_.size()) stretches_.resize(which + 1);
    stretch& in = stretches_[which];
    in.change += change;
    in.part += static_cast<double>(change * (width_ - at % width_)) / static_cast<double>(width_);
}

// Two become one, in which the changes of the first count for all of the second.
void timeline::lengthen() {
    stretches_.resize((stretches_.size() + 1) / 2 * 2);
    for (std::size_t i = 0; 2 * i < stretches_.size(); ++i) {
        stretch const& first = stretches_[2 * i];
        stretch const& second = stretches_[2 * i + 1];
        double const part = (first.part + static_cast<double>(first.change) + second.part) / 2;
        stretches_[i] = {first.change + second.change, part};
    }
    stretches_.resize(stretches_.size() / 2);
    width_ *= 2;
}

std::int64_t timeline::left() const noexcept {
    std::int64_t sum = 0;
    for (stretch const& each : stretches_) sum += each.change;
    return sum;
}

std::vector<timeline::point> timeline::points() const {
    std::vector<point> made;
    if (stretches_.empty()) return made;
    std::int64_t before = 0;
    auto const at = [&](std::size_t which, double mean) {
        double const rounded = std::abs(mean) < 0.0005 ? 0 : std::round(mean * 1000) / 1000;
        if (!made.empty() && made.back().mean == rounded) return;
        made.push_back({static_cast<std::int64_t>(which) * width_, rounded});
    };
    for (std::size_t i = 0; i < stretches_.size(); ++i) {
        at(i, static_cast<double>(before) + stretches_[i].part);
        before += stretches_[i].change;
    }
    at(stretches_.size(), static_cast<double>(before));
    return made;
}

}  // namespace frond::hooks::detail
