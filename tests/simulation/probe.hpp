// A value that knows how many of its kind live, and that gives itself away when it has been moved from.
#pragma once

#include <cstdint>

namespace frond::simulation {

/// `Bytes` more make it as large as a test needs.
template <unsigned Bytes = 1>
class probe {
public:
    inline static std::int64_t alive = 0;

    explicit probe(std::uint64_t number) noexcept : number_(number) { ++alive; }
    probe(probe const& other) noexcept : number_(other.number()) { ++alive; }
    probe(probe&& other) noexcept : number_(other.number()) {
        other.number_ = moved_from;
        ++alive;
    }
    probe& operator=(probe const& other) noexcept {
        number_ = other.number();
        return *this;
    }
    ~probe() { --alive; }

    std::uint64_t number() const noexcept { return number_; }
    bool sound() const noexcept { return number_ != moved_from; }

private:
    static constexpr std::uint64_t moved_from = 0xfeedfeedfeedfeed;

    std::uint64_t number_;
    [[maybe_unused]] unsigned char ballast_[Bytes];
};

}  // namespace frond::simulation
