// Random choices that are the same for a seed on every machine and with every library.
#pragma once

#include <cstdint>

namespace frond::simulation {

class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_(seed) {}

    /// SplitMix64: every seed is a good one, also small ones next to each other.
    std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    /// From 0 to `sides` - 1.
    std::uint64_t below(std::uint64_t sides) noexcept { return next() % sides; }
    std::uint64_t between(std::uint64_t least, std::uint64_t most) noexcept { return least + below(most - least + 1); }
    bool percent(unsigned chance) noexcept { return below(100) < chance; }

private:
    std::uint64_t state_;
};

}  // namespace frond::simulation
