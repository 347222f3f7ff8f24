// One expansion at work: an expander's source, the channels to its collectors, and what its lanes need to know of each
// other.
//
// The expansion finishes once, when no work of it is pending any more.
// Thread: any.
#pragma once

#include "expander_source.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/plan/plan.hpp"
#include "instance.hpp"
#include "lane_roll.hpp"
#include "open_expansion.hpp"
#include "slot_limiter.hpp"
#include "task_end.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace frond {

class expansion final : public open_expansion {
public:
    /// Errors: throws what making it throws.
    expansion(instance& parent, task_spec const& spec);
    ~expansion() override;

    // ---- for lanes
    /// Before the first lane.
    void prepare() noexcept { source_.prepare(); }
    /// The first lane takes its first children.
    void begins(time_point now) noexcept { began_ = now; }
    /// There is no memory for the first lane.
    void fail_to_begin() noexcept;
    /// Takes up to `want` values for a lane. `guest`: a lane that need not wait.
    pull_result pull(puller& by, unsigned want, bool guest) noexcept { return source_.pull(by, want, guest); }
    /// True if one lane more would find children to take now.
    bool has_more() const noexcept { return !is_over() && !source_.awaits(); }
    /// True if the expander will yield no more, and no child waits to be taken.
    bool is_over() const noexcept { return over_.load(std::memory_order_relaxed); }
    /// The time since the first lane took its first children.
    duration age(time_point now) const noexcept { return now - began_; }
    /// What a child took lately, its expander's work for it included.
    body_cost const& cost() const noexcept { return spec.cost; }
    /// True if the next child may keep its thread for long, and other threads could meanwhile do something else.
    bool may_be_long() const noexcept { return threads && cost().may_be_long(); }
    /// The limits of open children: this expansion's, and the one that it shares with others of its scope. Null: there is none.
    /// A child needs a slot of each. A lane must take its own expansion's slot first: the other way round, a lane that waits would
    /// hold a slot that other expansions lack.
    slot_limiter* own_limit() noexcept { return own_limiter_ ? &*own_limiter_ : nullptr; }
    slot_limiter* shared_limit() noexcept { return shared_limiter_; }
    /// Gives the slots of an open child back.
    void give_open() noexcept;
    /// Children that were yielded and will not start.
    void skip(std::uint64_t first, std::uint64_t count) noexcept;

    // ---- for children
    /// Puts what a child gives to a sink into an element. Errors: throws what moving or copying throws; nothing is made
    /// then.
    void put(std::size_t sink, instance& child, bool failed, std::byte* element);
    /// Adds what a child gives to a sink to a chunk that has room. If a move or a copy throws, the child fails: collectors
    /// of results get the error in the place of the value, and `failed` is true from then on. A feedback of values gets nothing
    /// from a child that has failed. False: no sink after this one may be given anything.
    bool add(std::size_t sink, instance& child, bool& failed, result_chunk& chunk) noexcept;
    /// After its delivery: counts it.
    void child_ended(instance& child) noexcept;
    /// Pairs with `sent_out`: `count` children have ended, in whatever state, and their values have been pushed. Requires: the
    /// caller has pending work.
    void came_back(std::uint64_t count) noexcept;

    void abandon(std::uint32_t target) noexcept override;
    void deliver(instance& child) noexcept override;
    error fail(error failure) noexcept override;
    void source_ended() noexcept override { tell_over(source_.end()); }
    bool source_awaits() const noexcept override { return source_.awaits(); }

    lane_roll lanes;
    bool const threads;             // several may take part
    bool const straight;            // its children run straight through
    unsigned const batch_capacity;  // of its lanes

private:
    void finish() noexcept;
    bool make_lists() noexcept;
    bool not_delivered(instance& child, bool failed) noexcept;
    void tell_over(task_end const& end) noexcept;

    std::atomic<std::size_t> collectors_left_;
    std::atomic<bool> over_{false};
    std::optional<slot_limiter> own_limiter_;
    slot_limiter* const shared_limiter_;
    calls<wakeable, &expansion::finish> finishing_{*this};
    time_point began_{};
    expander_source source_;
};

}  // namespace frond
