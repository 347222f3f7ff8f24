// The values of simulated graphs: plain numbers, and boxes that live on the heap and are counted.
#pragma once

#include <cstdint>
#include <memory>

namespace frond::simulation {

/// A number whose every copy is an allocation, so that a sanitizer sees each misuse, and whose lives are counted.
class box {
public:
    inline static std::int64_t alive = 0;

    explicit box(std::uint64_t number) : number_(std::make_unique<std::uint64_t>(number)) { ++alive; }
    box(box const& other) : number_(other.number_ ? std::make_unique<std::uint64_t>(*other.number_) : nullptr) {
        ++alive;
    }
    box(box&& other) noexcept : number_(std::move(other.number_)) { ++alive; }
    box& operator=(box const&) = delete;
    ~box() { --alive; }

    /// 0 if it has been moved from.
    std::uint64_t number() const noexcept { return number_ ? *number_ : 0; }

private:
    std::unique_ptr<std::uint64_t> number_;
};

inline std::uint64_t number_of(std::uint64_t value) noexcept { return value; }
inline std::uint64_t number_of(box const& value) noexcept { return value.number(); }

}  // namespace frond::simulation
