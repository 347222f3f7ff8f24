// One expansion at work: an expander's source, the lanes that take from it, and the channels to its collectors.
//
// Invariants:
//  (1) pending() counts lanes, children that run apart from their lane, and an expander that awaits; when it is zero the
//      expansion finishes, once;
//  (2) the source is touched only by who holds the gate; the gate stays held while the expander awaits;
//  (3) indices are given in the order of yielding, without a gap.
// Thread: any.
#pragma once

#include "event_record.hpp"
#include "failure_domain.hpp"
#include "frond/base/result_channel.hpp"
#include "frond/plan/plan.hpp"
#include "instance.hpp"
#include "slot_limiter.hpp"
#include "source_gate.hpp"
#include "task_context.hpp"
#include "task_end.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace frond {

class lane;

enum class pull_result : std::uint8_t {
    some,    // values are in the lane's buffer
    parked,  // the lane will be woken
    busy,    // another lane is at it; this one may go
    over,    // there are no more
};

class expansion : public frame_pool::pooled {
public:
    /// Errors: throws what making it throws.
    expansion(run_state& run, instance& parent, task_spec const& spec);
    ~expansion();
    expansion(expansion const&) = delete;
    expansion& operator=(expansion const&) = delete;

    /// Makes the source and defers the first lane.
    void start() noexcept;

    // ---- for lanes
    /// Takes up to `want` values for a lane. `guest`: a lane that need not wait.
    pull_result pull(lane& puller, unsigned want, bool guest) noexcept;
    /// One more lane, on a thread that is free, where a child takes so long that this is worth it, and so short that the lanes
    /// are counted run-wide: see `keep_invitation` for longer ones.
    void invite_helper(time_point now) noexcept;
    /// Where a child may take long: one lane more waits in the executor's queue for whichever thread gets free first.
    void keep_invitation() noexcept;
    /// The lane that was invited so has come; `on_other_thread`: than the lane that invited it.
    void invited_came(bool on_other_thread) noexcept;
    /// One lane more: it is pending from now on.
    void lane_came() noexcept {
        lanes_.fetch_add(1, std::memory_order_relaxed);
        add_pending();
    }
    bool has_too_many_lanes() const noexcept;
    void lane_left() noexcept { lanes_.fetch_sub(1, std::memory_order_relaxed); }
    /// What a child took lately, its expander's work for it included.
    body_cost const& cost() const noexcept { return spec.cost; }
    /// True if the next child may keep its thread for long, and other threads could meanwhile do something else.
    bool may_be_long() const noexcept { return threads && cost().may_be_long(); }
    void add_pending(std::uint32_t count = 1) noexcept { pending_.fetch_add(count, std::memory_order_relaxed); }
    void return_pending(std::uint32_t count) noexcept { pending_.fetch_sub(count, std::memory_order_release); }
    void drop_pending() noexcept;
    /// Nothing new is to start.
    bool stopping() const noexcept { return parent.domain->cancelled() || unwanted_.load(std::memory_order_relaxed); }
    /// Children that were yielded and will not start.
    void skip(std::uint64_t first, std::uint64_t count) noexcept;

    // ---- for children
    /// Puts what a child gives to a sink into an element. Errors: throws what moving or copying throws; nothing is made then.
    void put(std::size_t sink, instance& child, bool failed, std::byte* element);
    /// Delivers a child that ended apart from its lane, and lets it go.
    void deliver_apart(instance& child) noexcept;
    /// After its delivery: counts it.
    void child_ended(instance& child) noexcept;

    /// The collector that reads the channel at `target` has ended.
    void abandon(std::uint32_t target) noexcept;

    /// How many children there will be, once the expander has ended or has said so.
    std::optional<std::uint64_t> total() const noexcept {
        std::uint64_t const known = total_.load(std::memory_order_relaxed);
        return known != event_record::unknown ? std::optional(known) : std::nullopt;
    }

    // ---- for the parent's watch
    /// What is not done yet: see (1).
    unsigned pending() const noexcept { return pending_.load(std::memory_order_acquire); }
    bool source_awaits() const noexcept { return gate_.awaiting(); }
    /// A stream has grown; with the watch's mutex held.
    void grown_by(std::size_t bytes) noexcept { grown_bytes_ += bytes; }
    /// True: a slot of the limit of its children is the lane's. False: it is woken when it has one.
    bool take_open_slot(lane& waiting) noexcept;

    run_state& run;
    instance& parent;
    task_spec const& spec;
    plan_scope const& scope;
    expansion* next_of_parent = nullptr;
    std::vector<std::unique_ptr<result_channel>> channels;  // by sink
    slot_limiter* open_limiter;
    std::shared_ptr<child_path const>
        path;                        // the child that the parent instance is; null if it is the run, or nobody asks
    bool const threads;              // several may take part
    bool const straight;             // its children run straight through
    unsigned const buffer_capacity;  // of lanes, in parameters

private:
    struct source_fiber : fiber {
        source_fiber(expansion& owner, executor& home) noexcept;
        static void woken(work& self) noexcept;
        expansion& of;
    };
    struct finishing : wakeable {
        explicit finishing(expansion& owner) noexcept : wakeable(&expansion::finish_work), of(owner) {}
        expansion& of;
    };

    // The way to the source's own executor, and back.
    struct source_visit : work {
        explicit source_visit(expansion& owner) noexcept : work(&source_visit::out), of(owner) {}
        static void out(work& self) noexcept { static_cast<source_visit&>(self).of.visit_source(); }
        expansion& of;
    };

    bool open() noexcept;
    step_status open_source() noexcept;
    void drop_watched() noexcept;
    bool enter_gate(lane& puller) noexcept;
    void park_at_gate(lane& puller) noexcept;
    bool make_stash() noexcept;
    void visit_source() noexcept;
    void pace_visits(time_point began) noexcept;
    void come_back() noexcept;
    unsigned pull_range(std::byte* buffer, unsigned want) noexcept;
    unsigned take_stash(lane& puller) noexcept;
    void know_total(std::uint64_t total) noexcept;
    void see_expected() noexcept;
    void hand_out(lane& puller, unsigned count) noexcept;
    void await_into_stash(lane* waiting) noexcept;
    bool advance(std::byte* buffer, unsigned want) noexcept;
    void source_returned() noexcept;
    void source_over(std::optional<error> failure) noexcept;
    void finish() noexcept;
    bool make_lists() noexcept;
    void tell_over(task_end const& end) noexcept;
    task_end source_end() const noexcept;
    static void source_stopped(fiber& self) noexcept;
    static void finish_work(work& self) noexcept;

    std::atomic<std::uint32_t> pending_{1};
    std::atomic<bool> unwanted_{false};
    std::atomic<std::size_t> sinks_left_;
    std::atomic<bool> over_{false};                            // the expander will yield no more
    std::atomic<std::uint64_t> total_{event_record::unknown};  // changed behind the gate, or when no lane is left
    std::optional<slot_limiter> own_limiter_;
    parking* parking_ = nullptr;   // of lanes that wait for the gate or the limit; null: nothing is watched
    std::size_t grown_bytes_ = 0;  // of all its streams
    finishing finishing_;
    time_point began_;
    std::atomic<bool> invited_{false};  // a lane waits in the executor's queue; only a hint
    std::atomic<bool> tried_{false};    // a lane was invited though the run seems to have one thread; only a hint
    std::atomic<unsigned> lanes_{1};    // but for those on a helper's credit; only a count

    // ---- behind the gate
    source_gate gate_;
    executor& source_home_;  // the run's, or the expander's own
    source_fiber fiber_;
    source_visit source_visit_;
    interruptible_wait wait_;
    step_call call_;
    task_context context_;
    bool coroutine_ = false;
    bool source_made_ = false;
    bool source_ended_ = false;
    std::optional<error> source_failure_;  // told of its place; none: the source has not failed
    std::byte* stash_ = nullptr;           // what an expander yielded after an await, made when there is one
    unsigned stash_count_ = 0;
    std::vector<detail::keyed_position> stash_keys_;
    unsigned stash_want_ = 1;  // how many the lane that waits for the stash has asked for
    unsigned visit_want_ = 1;  // how many are taken from a source on an executor of its own before its children start
    std::uint64_t next_index_ = 0;
    std::optional<std::uint64_t> expected_;  // as the source has said
};

}  // namespace frond
