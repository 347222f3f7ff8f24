// When the tasks began that have not ended: how long a task took is known only once it ends.
//
// Knows no clock and no Prometheus. Thread: none; guard it from outside.
#pragma once

#include "frond/run/event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace frond::hooks::detail {

/// Invariant: at most `most` are kept. Where ends are not told for a while, beginnings stay behind; any one of them goes
/// when there is no more room.
class open_tasks {
public:
    explicit open_tasks(std::size_t most) noexcept : most_(most) {}

    void begin(task_event const& event) {
        // Mostly a task ends before another one is told of, and then needs no place in the table.
        if (last_) keep(std::move(*last_));
        last_.emplace(key_of(event), event.time);
    }

    /// How long it took; none where its beginning is not known.
    std::optional<duration> end(task_event const& event) {
        key const ended = key_of(event);
        if (last_ && last_->first == ended) {
            auto const took = event.time - last_->second;
            last_.reset();
            return took;
        }
        auto const found = begun_.find(ended);
        if (found == begun_.end()) return std::nullopt;
        auto const took = event.time - found->second;
        begun_.erase(found);
        return took;
    }

    void forget(std::uint64_t run_id) {
        if (last_ && last_->first.run_id == run_id) last_.reset();
        std::erase_if(begun_, [run_id](auto const& each) { return each.first.run_id == run_id; });
    }

    std::size_t size() const noexcept { return begun_.size() + (last_ ? 1 : 0); }

private:
    struct key {
        std::uint64_t run_id;
        std::size_t spec;
        std::optional<std::uint64_t> index;
        std::shared_ptr<child_path const> enclosing;

        friend bool operator==(key const& a, key const& b) noexcept {
            if (a.run_id != b.run_id || a.spec != b.spec || a.index != b.index) return false;
            child_path const* x = a.enclosing.get();
            child_path const* y = b.enclosing.get();
            // Mostly the same object.
            for (; x != y; x = x->enclosing.get(), y = y->enclosing.get()) {
                if (x == nullptr || y == nullptr || x->index != y->index) return false;
            }
            return true;
        }
    };
    struct hash {
        std::size_t operator()(key const& of) const noexcept {
            std::uint64_t mixed = of.run_id;
            auto const mix = [&mixed](std::uint64_t more) {
                mixed = (mixed ^ more) * 0x9E3779B97F4A7C15U;
                mixed ^= mixed >> 32;
            };
            mix(of.spec);
            mix(of.index.value_or(~std::uint64_t{0}));
            for (child_path const* at = of.enclosing.get(); at != nullptr; at = at->enclosing.get()) mix(at->index);
            return static_cast<std::size_t>(mixed);
        }
    };
    using beginning = std::pair<key, time_point>;

    static key key_of(task_event const& event) {
        return {event.run_id, event.id.spec, event.id.index, event.id.enclosing};
    }
    void keep(beginning&& one) {
        if (begun_.size() + 1 >= most_ && !begun_.empty()) begun_.erase(begun_.begin());
        begun_.insert_or_assign(std::move(one.first), one.second);
    }

    std::size_t most_;
    std::optional<beginning> last_;
    std::unordered_map<key, time_point, hash> begun_;
};

}  // namespace frond::hooks::detail
