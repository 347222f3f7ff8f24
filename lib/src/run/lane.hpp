// A lane: takes children from an expansion's source, a few at a time, has them run, and decides when to give way.
//
// Before a lane parks, it must hand over the results, counters and events of its children, and its slots.
// Thread: one at a time.
#pragma once

#include "child_runner.hpp"
#include "expansion.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "frond/base/detail/working_thread.hpp"
#include "puller.hpp"

#include <cstdint>

namespace frond {

class lane final : public puller, public frame_pool::pooled {
public:
    /// The expansion's first lane is deferred on this thread. Where memory is out, the expansion fails.
    static void begin(expansion& of) noexcept;

    void let_go() noexcept override;
    void tell() noexcept override { children_.notes.tell(); }
    void got(std::uint64_t first_index, unsigned count) noexcept override;

private:
    // Why the lane was made.
    enum class place : std::uint8_t {
        first,    // the expansion began with it
        helper,   // on one of the run's helper credits, which it gives back
        invited,  // it has waited in the executor's queue for a free thread
        heir,     // of children that another lane had taken, when these turned out to be long
    };
    enum class waiting_for : std::uint8_t { nothing, own_slot, shared_slot, slot };
    // While the lane's children run: another thread is to go on with the expansion.
    struct expansion_at_hand : at_hand {
        explicit expansion_at_hand(lane& owner) noexcept;
        lane& of;
    };

    lane(expansion& of, place why);
    static void invite_helper(expansion& of, time_point now) noexcept;
    static void keep_invitation(expansion& of) noexcept;

    void run() noexcept;
    bool stays() noexcept;
    bool helps_in_vain() const noexcept;
    void leave() noexcept;
    // False: the lane waits for something, or has been destroyed. No member may be touched then.
    bool take_batch() noexcept;
    bool take_chunks() noexcept;
    bool take_slots() noexcept;
    bool take_open() noexcept;
    bool take_open_of(slot_limiter& limit, waiting_for what) noexcept;

    bool run_children() noexcept;
    void clear_the_way() noexcept;
    void give_tail(unsigned from) noexcept;
    void see_long_child() noexcept;
    void learn_cost(time_point now) noexcept;
    // True: the lane may leave where it would have to wait for the expander.
    bool guest() const noexcept { return place_ != place::first; }

    expansion& of_;
    place const place_;
    void const* const inviter_;  // the thread that made the lane, as its executor tells it
    bool entered_ = false;
    bool stood_back_ = false;  // it has let the others in its pump go first
    bool away_ = false;  // the lane has waited in this batch, so the batch's time must not count as its children's cost
    waiting_for waiting_ = waiting_for::nothing;
    bool has_own_ =
        false;  // it holds the own_limit slot of its next child, or waits for it, and has no shared_limit slot yet
    unsigned want_ = 1;  // how many children to take next
    time_point batch_began_{};
    time_point handed_over_{};
    child_runner children_;
};

}  // namespace frond
