// Remembers what has begun until it ends, by identity, and of that no more than a bound: where more would be, the older
// half is forgotten.
#pragma once

#include "identity.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace frond::hooks::detail {

/// A hash table with open addressing: what is put in and taken out for every task had better not allocate.
template <class Value>
class open_table {
public:
    /// The bound is a power of two, 16 at least.
    explicit open_table(std::size_t bound) noexcept : bound_(bound) {}

    /// What is remembered under an identity; made if there is nothing. Valid until the next call.
    /// Errors: throws std::bad_alloc.
    Value& put(identity const& of) {
        if (Value* const known = find(of)) return *known;
        if (count_ >= bound_) forget_older();
        if (2 * (count_ + 1) > slots_.size()) rebuild(std::max<std::size_t>(16, 2 * slots_.size()), 0);
        slot& free = slots_[place_of(of)];
        free.used = true;
        free.of = of;
        free.value = Value{};
        free.order = ++order_;
        ++count_;
        return free.value;
    }

    /// Null: it is not known, or was forgotten.
    Value* find(identity const& of) noexcept {
        if (count_ == 0) return nullptr;
        slot& found = slots_[place_of(of)];
        return found.used ? &found.value : nullptr;
    }

    /// What was remembered; it is not any more.
    std::optional<Value> take(identity const& of) noexcept {
        if (count_ == 0) return std::nullopt;
        std::size_t hole = place_of(of);
        if (!slots_[hole].used) return std::nullopt;
        std::optional<Value> taken(std::move(slots_[hole].value));
        --count_;
        // Closes the gap: what comes behind and may lie here moves here, so that a search need not pass over holes.
        for (std::size_t next = after(hole); slots_[next].used; next = after(next)) {
            std::size_t const home = slots_[next].of.low & (slots_.size() - 1);
            bool const reaches = ((next - home) & (slots_.size() - 1)) >= ((next - hole) & (slots_.size() - 1));
            if (!reaches) continue;
            slots_[hole] = std::move(slots_[next]);
            hole = next;
        }
        slots_[hole].used = false;
        slots_[hole].value = Value{};
        return taken;
    }

    std::size_t size() const noexcept { return count_; }

    void each(auto const& see) const {
        for (slot const& one : slots_) {
            if (one.used) see(one.value);
        }
    }

private:
    struct slot {
        identity of;
        std::uint64_t order = 0;
        Value value{};
        bool used = false;
    };

    std::size_t after(std::size_t place) const noexcept { return (place + 1) & (slots_.size() - 1); }

    // Where it lies, or where it would.
    std::size_t place_of(identity const& of) const noexcept {
        std::size_t place = of.low & (slots_.size() - 1);
        while (slots_[place].used && !(slots_[place].of == of)) place = after(place);
        return place;
    }

    void forget_older() {
        std::vector<std::uint64_t> orders;
        orders.reserve(count_);
        for (slot const& one : slots_) {
            if (one.used) orders.push_back(one.order);
        }
        auto const middle = orders.begin() + static_cast<std::ptrdiff_t>(orders.size() / 2);
        std::nth_element(orders.begin(), middle, orders.end());
        rebuild(slots_.size(), *middle);
    }

    // With what was put in at `since` or later.
    void rebuild(std::size_t size, std::uint64_t since) {
        std::vector<slot> before(size);
        before.swap(slots_);
        count_ = 0;
        for (slot& one : before) {
            if (!one.used || one.order < since) continue;
            slots_[place_of(one.of)] = std::move(one);
            ++count_;
        }
    }

    std::size_t bound_;
    std::size_t count_ = 0;
    std::uint64_t order_ = 0;
    std::vector<slot> slots_;
};

}  // namespace frond::hooks::detail
