#include "activity_meter.hpp"

#include <algorithm>

namespace frond::hooks::detail {

void activity_meter::change(duration at, int by) noexcept {
    std::int64_t const time = std::max<std::int64_t>(at.count(), 0);
    while ((time >> shift_) >= static_cast<std::int64_t>(slices)) double_slices();
    part& in = parts_[static_cast<std::size_t>(time >> shift_)];
    in.net += by;
    in.time += by * (slice() - (time & (slice() - 1)));
}

void activity_meter::double_slices() noexcept {
    for (std::size_t i = 0; i < slices; ++i) {
        std::size_t const first = 2 * i;
        if (first >= slices) {
            parts_[i] = {};
            continue;
        }
        part const& early = parts_[first];
        part const& late = parts_[first + 1];
        parts_[i] = {early.net + late.net, early.time + early.net * slice() + late.time};
    }
    ++shift_;
}

activity activity_meter::until(duration end) const {
    activity_meter meter = *this;
    std::int64_t const time = std::max<std::int64_t>(end.count(), 1);
    while (time > meter.slice() * static_cast<std::int64_t>(slices)) meter.double_slices();
    activity made;
    made.slice = duration(meter.slice());
    std::int64_t going_on = 0;
    auto const count = static_cast<std::size_t>((time + meter.slice() - 1) / meter.slice());
    for (std::size_t i = 0; i < count; ++i) {
        part const& in = meter.parts_[i];
        // The last slice ends with the time.
        std::int64_t const length = std::min(meter.slice(), time - static_cast<std::int64_t>(i) * meter.slice());
        std::int64_t const missing = meter.slice() - length;
        std::int64_t const taken = going_on * length + in.time - in.net * missing;
        made.mean.push_back(std::max(0.0, static_cast<double>(taken) / static_cast<double>(length)));
        going_on += in.net;
    }
    return made;
}

}  // namespace frond::hooks::detail
