// A lane: takes parameters from an expansion's source, a few at a time, and runs each child's tasks inline.
//
// When a child suspends, it is left to itself and the lane goes on with the next: lanes are parallelism, slots concurrency.
// Before a lane parks, or lets anyone see an effect, it hands over what it holds: results, counters, events, its slots.
// Thread: one at a time.
#pragma once

#include "event_record.hpp"
#include "expansion.hpp"
#include "task_run.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace frond {

class lane : public wakeable, public frame_pool::pooled {
public:
    /// Why a lane is there.
    enum class place : std::uint8_t {
        first,    // the expansion began with it
        helper,   // on one of the run's helper credits, which it gives back
        invited,  // it has waited in the executor's queue for a free thread
        heir,     // of children that another lane had taken, when these turned out to be long
    };

    /// Errors: throws std::bad_alloc.
    lane(expansion& of, place why);
    ~lane();

    // ---- for the expansion, inside `pull`
    std::byte* buffer() noexcept { return buffer_; }
    std::vector<detail::keyed_position>& keys() noexcept { return keys_; }
    /// Values are in the buffer.
    void got(std::uint64_t first_index, unsigned count) noexcept;
    /// Hands its events over.
    void tell() noexcept;
    /// The same from inside the body of a straight child: that it has begun is among them.
    void tell_from_inside() noexcept;
    /// Hands over all that it holds, since it is about to park.
    void let_go() noexcept;

private:
    // What a part of `run` has come to.
    enum class next : std::uint8_t {
        go_on,
        behind,  // what else this thread has to do comes before the lane's next child
        away,    // the lane waits, or has gone: it is not to be touched any more
    };
    enum class waiting_for : std::uint8_t { nothing, open_slot, slot };
    // While the lane's children run: another thread is to go on with the expansion.
    struct expansion_at_hand : at_hand {
        explicit expansion_at_hand(lane& owner) noexcept;
        lane& of;
    };

    void run() noexcept;
    next run_children() noexcept;
    void give_tail(unsigned from) noexcept;
    void take_over(lane& from, unsigned first, unsigned at) noexcept;
    next take_batch() noexcept;
    next take_slots() noexcept;
    next take_chunks() noexcept;
    bool equipped() const noexcept;

    void run_straight_batch() noexcept;
    void run_single_batch() noexcept;
    next run_single_coroutines() noexcept;
    bool make_task(task_spec const& spec) noexcept;
    void straight_child(std::byte* parameter) noexcept;
    void child_failed(task_spec const& spec, plan_step const& step, std::optional<error> failure) noexcept;
    next run_batch() noexcept;
    bool make_child() noexcept;
    bool give_parameter(instance& child, std::byte* parameter) noexcept;
    bool deliver(bool failed) noexcept;

    void end_batch() noexcept;
    void count_succeeded() noexcept;
    void hand_over() noexcept;
    void push_chunk(std::size_t sink) noexcept;
    void push_full_chunks() noexcept;
    void skip_rest() noexcept;
    void give_slots() noexcept;
    void leave() noexcept;
    void note(task_spec const& spec, hook_moment moment, task_state state, error const* failure = nullptr,
              plan_step const* step = nullptr) noexcept;
    void add(event_record record, child_key const& key, error const* failure);
    void add(event_record record, event_detail detail);
    void tell_yields() noexcept;
    void note_begin(task_spec const& spec) noexcept;
    void note_end(task_spec const& spec, task_state state, error const* failure = nullptr) noexcept;
    void gather_from(std::uint64_t index) noexcept;
    void note_end_gathered() noexcept;
    void note_gathered(std::uint64_t end) noexcept;
    void note_apart() noexcept;
    void end_apart() noexcept;
    void stamp_begin() noexcept;
    void stamp() noexcept;
    child_key key_at(unsigned position) const noexcept;
    void name(instance& child, unsigned position) const noexcept;

    bool tail_wanted() const noexcept { return tail_wanted_.load(std::memory_order_relaxed); }
    /// It need not wait for the source.
    bool guest() const noexcept { return place_ != place::first; }
    bool stays() noexcept;
    void learn_cost(time_point now) noexcept;
    void clear_the_way() noexcept;

    expansion& of_;
    place const place_;
    bool const needs_open_;
    bool const needs_slot_;
    bool away_ =
        false;  // it has waited since this batch began, so that the batch's time says nothing of its children's cost
    bool entered_ = false;
    std::atomic<bool> tail_wanted_{
        false};                // a child turned out to be long: the next ones go to another lane; only a hint
    bool stood_back_ = false;  // it has let the others in its pump go first
    bool has_open_ = false;
    slot_credit credit_;
    waiting_for waiting_ = waiting_for::nothing;
    void const* const inviter_;  // the thread that made the lane, as its executor tells it

    std::byte* buffer_ = nullptr;
    unsigned position_ = 0;  // the next child in the buffer
    unsigned count_ = 0;
    unsigned batch_ = 1;     // how many to pull next
    unsigned reserved_ = 0;  // of the expansion's pending, for children that will run apart
    std::uint64_t first_index_ = 0;
    std::vector<detail::keyed_position> keys_;  // of the children in the buffer that have one, in order
    time_point batch_began_{};
    time_point stamp_{};  // of what is noted
    time_point pushed_{};

    std::vector<result_chunk*> chunks_;  // by sink; none is full between children
    instance* spare_ = nullptr;          // for the next child
    std::unique_ptr<task_run> task_;     // of the spare child, where its only task is one coroutine
    task_context context_;               // of the straight child that runs
    std::uint64_t succeeded_ = 0;        // straight children that are not counted yet
    bool gathers_ = false;               // children that go well are noted many at a time
    bool apart_ = false;                 // the child that runs is noted by itself
    std::uint64_t gathered_from_ = 0;    // the first child that is not noted yet
    time_point gathered_since_{};        // when it began
    std::size_t gathered_ends_ = 0;      // where the ends of the children that are not noted yet begin
    std::vector<time_point> ends_;       // of gathered children
    std::vector<event_record> events_;
    std::vector<event_detail> event_details_;
};

}  // namespace frond
