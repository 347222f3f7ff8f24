// A range of parameters that a run is given in an expander's place: the type of the range is forgotten, its elements' is not.
#pragma once

#include "frond/base/value_type.hpp"
#include "frond/graph/detail/body.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace frond {

/// Owns a range and yields its elements once, in order. Movable, and empty after being moved from.
class any_range {
public:
    any_range() noexcept = default;

    /// A range whose elements are yielded as T.
    template <class T, class Range>
    static any_range of(Range range) {
        return any_range(std::make_unique<source_of<T, Range>>(std::move(range)), value_type_of<T>);
    }

    /// The type of what it yields; null if it is empty.
    value_type const* element() const noexcept { return element_; }

    /// Makes up to `capacity` values at `buffer`; fewer: there are no more. `count` is how many have been made, also when
    /// it throws what the range throws.
    void pull(void* buffer, unsigned capacity, unsigned& count) {
        count = 0;
        if (source_ != nullptr) source_->pull(buffer, capacity, count);
    }

    /// How many elements it has, if it knows.
    std::optional<std::uint64_t> size() const noexcept { return source_ != nullptr ? source_->size() : 0; }

private:
    struct source {
        source() = default;
        source(source const&) = delete;
        source& operator=(source const&) = delete;
        virtual ~source() = default;
        virtual void pull(void* buffer, unsigned capacity, unsigned& count) = 0;
        virtual std::optional<std::uint64_t> size() const noexcept = 0;
    };

    template <class T, class Range>
    struct source_of final : source {
        explicit source_of(Range&& given) : range(expand<Range>(std::move(given))) {}
        void pull(void* buffer, unsigned capacity, unsigned& count) override {
            range.pull(static_cast<T*>(buffer), capacity, count);
        }
        std::optional<std::uint64_t> size() const noexcept override { return range.size(); }
        detail::range_source<Range> range;
    };

    any_range(std::unique_ptr<source> from, value_type const& element) noexcept
        : source_(std::move(from)), element_(&element) {}

    std::unique_ptr<source> source_;
    value_type const* element_ = nullptr;
};

namespace detail {

/// The body of an expander whose only argument is an any_range, from which it yields.
extern node_body const any_range_body;

}  // namespace detail

}  // namespace frond
