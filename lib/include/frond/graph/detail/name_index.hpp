// Finds a node by its name in constant time. Holds places only, so that it may be copied together with the nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace frond::detail {

class name_index {
public:
    /// Requires: at most `entries` calls of `add`.
    explicit name_index(std::size_t entries = 0) {
        std::size_t size = 4;
        while (size < 2 * entries) size *= 2;
        places_.assign(size, none);
    }

    /// Gives the place that has the name already, or adds this one. `name_at` gives the names of what was added before.
    template <class NameAt>
    std::optional<std::size_t> add(std::string_view name, std::size_t place, NameAt const& name_at) {
        auto& slot = places_[slot_of(name, name_at)];
        if (slot != none) return slot;
        slot = static_cast<std::uint32_t>(place);
        return std::nullopt;
    }

    template <class NameAt>
    std::optional<std::size_t> find(std::string_view name, NameAt const& name_at) const noexcept {
        auto const place = places_[slot_of(name, name_at)];
        return place == none ? std::nullopt : std::optional<std::size_t>(place);
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    template <class NameAt>
    std::size_t slot_of(std::string_view name, NameAt const& name_at) const noexcept {
        std::size_t const mask = places_.size() - 1;
        std::size_t slot = std::hash<std::string_view>()(name) & mask;
        while (places_[slot] != none && name_at(places_[slot]) != name) slot = (slot + 1) & mask;
        return slot;
    }

    std::vector<std::uint32_t> places_;  // the size is a power of two, at least half of it empty
};

}  // namespace frond::detail
