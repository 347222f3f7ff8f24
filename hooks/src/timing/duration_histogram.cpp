#include "duration_histogram.hpp"

#include <algorithm>
#include <bit>

namespace frond::hooks::detail {

void duration_histogram::add(duration time) {
    time = std::max(time, duration::zero());
    auto const value = static_cast<std::uint64_t>(time.count());
    // Octave 0 is all that is below 64, octave n what has its highest bit at n + 5.
    auto const width = static_cast<unsigned>(std::bit_width(value));
    unsigned const number = width <= cell_bits ? 0 : width - cell_bits;
    auto& counts = octaves_[number];
    if (counts == nullptr) counts = std::make_unique<octave>();
    unsigned const shift = number == 0 ? 0 : number - 1;
    ++(*counts)[(value >> shift) % cells];
    least_ = count_ == 0 ? time : std::min(least_, time);
    most_ = std::max(most_, time);
    total_ += time;
    ++count_;
}

duration duration_histogram::quantile(std::uint64_t percent) const noexcept {
    // Nearest rank, without the product that could overflow.
    std::uint64_t const rank = count_ / 100 * percent + (count_ % 100 * percent + 99) / 100;
    std::uint64_t before = 0;
    for (unsigned number = 0; number < octaves_.size(); ++number) {
        if (octaves_[number] == nullptr) continue;
        unsigned const shift = number == 0 ? 0 : number - 1;
        for (std::size_t cell = 0; cell < cells; ++cell) {
            before += (*octaves_[number])[cell];
            if (before < rank) continue;
            std::uint64_t const lowest = (number == 0 ? cell : cells + cell) << shift;
            std::uint64_t const middle = lowest + ((std::uint64_t{1} << shift) - 1) / 2;
            return std::clamp(duration(static_cast<duration::rep>(middle)), least_, most_);
        }
    }
    return most_;
}

time_spread duration_histogram::spread() const {
    if (count_ == 0) return {};
    return {count_, total_, least_, quantile(50), quantile(95), quantile(99), most_};
}

}  // namespace frond::hooks::detail
