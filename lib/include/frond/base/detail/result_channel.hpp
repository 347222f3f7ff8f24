// How children's results reach a collector: chunks of erased elements, many producers, one consumer.
//
// Producers fill a chunk of their own and hand it over;
// the consumer is a coroutine that waits, or a list made at the end.
// The number of chunks is bounded: a producer that finds none waits until the consumer gives one back.
// Knows no task, no run and no Asio.
#pragma once

#include "frond/base/clock.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/detail/frame_pool.hpp"
#include "frond/base/detail/parking.hpp"
#include "frond/base/fiber.hpp"
#include "frond/base/value_type.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>

namespace frond {

/// A part of an element: the value of one node of a child.
struct element_part {
    value_type const* type;
    std::size_t offset;  // in the element; parts follow one another, each aligned as its type asks
};

/// The results of some children for one collector. Owned by one thread at a time;
/// the elements lie behind the header in memory.
struct alignas(std::max_align_t) result_chunk {
    static constexpr unsigned most = 64;

    result_chunk* next = nullptr;
    unsigned count = 0;
    std::uint64_t failed = 0;  // bit i: element i is an `error`, not a value
    std::uint64_t index[most];

    std::byte* element(std::size_t stride, unsigned i) noexcept {
        return reinterpret_cast<std::byte*>(this + 1) + stride * i;
    }
};

/// For how long a thread may be held by the work that it has. A consumer asks that finds every element there, and so
/// never waits.
/// Thread: any.
class thread_budget {
public:
    /// Looks at the clock: for how long the calling thread has been held.
    virtual clock_look look() const noexcept = 0;
    /// How long it may be held, before it is given back to its executor.
    virtual duration budget() const noexcept = 0;

protected:
    ~thread_budget() = default;
};

/// How many elements a consumer may read before it looks at the clock. What one channel finds, the next one of its kind
/// begins with.
///
/// A hint: no other memory depends on its value, so every access is relaxed.
/// Thread: any.
class segment_hint {
public:
    segment_hint() noexcept = default;
    segment_hint(segment_hint const& other) noexcept : elements_(other.get()) {}
    segment_hint& operator=(segment_hint const& other) noexcept {
        set(other.get());
        return *this;
    }
    unsigned get() const noexcept { return elements_.load(std::memory_order_relaxed); }
    void set(unsigned elements) const noexcept { elements_.store(elements, std::memory_order_relaxed); }

private:
    mutable std::atomic<unsigned> elements_{1};
};

/// Invariants:
///  (1) an element is destroyed exactly once: by its consumer, or with the channel;
///  (2) at most `bound` chunks exist, and a producer that waits holds none that is filled and not handed over;
///  (3) the consumer is woken at most once for each suspension.
/// Thread: the producers' part and `close` from any thread; the consumer's part from the consumer.
class result_channel : public frame_pool::pooled {
public:
    /// `bound`: how many chunks there may be; 0: as many as are needed. `with_errors`: elements may be errors.
    result_channel(std::span<element_part const> parts, bool with_errors, unsigned bound) noexcept;
    ~result_channel();
    result_channel(result_channel const&) = delete;
    result_channel& operator=(result_channel const&) = delete;

    std::size_t stride() const noexcept { return stride_; }
    /// How many elements fill a chunk.
    unsigned capacity() const noexcept { return capacity_; }
    std::span<element_part const> parts() const noexcept { return parts_; }
    bool with_errors() const noexcept { return with_errors_; }

    // ---- standstills
    /// Asks `watch` to look when a producer or the consumer waits. Must be called before the channel's first use.
    void watched_by(parking_watch& watch) noexcept { room_.emplace(watch, parking::reason::room); }
    /// The weight of the producers that wait for room. Requires: the watch's mutex is held.
    unsigned parked() const noexcept { return room_->weight(); }
    /// True if the consumer waits for an element.
    bool asleep() noexcept;
    /// How many chunks there may be.
    unsigned bound() noexcept;
    std::size_t bytes_of_chunk() const noexcept { return sizeof(result_chunk) + stride_ * capacity_; }
    /// Doubles the bound. Moves as many waiting producers to `woken` as there is room for now;
    /// the caller must wake them.
    /// Requires: can_grow(); the watch's mutex is held.
    void grow(work_list& woken) noexcept;
    bool can_grow() noexcept { return bound() <= UINT32_MAX / 2; }

    /// The consumer gives its thread back by this budget. Must be called before the channel's first use. Both outlive
    /// the channel.
    void bounded_by(thread_budget const& budget, segment_hint const& hint) noexcept {
        budget_ = &budget;
        hint_ = &hint;
        segment_ = left_ = hint.get();
        looks_at_wake_ = segment_ == 1;
    }

    // ---- a consumer that makes work for its own producers
    /// While `in_flight` is 0 no producer will push anything, so a consumer that would wait finds the end instead, which is not
    /// final. Must be called before the channel's first use; `in_flight` outlives the channel.
    void ends_while_none(std::atomic<std::uint64_t> const& in_flight) noexcept { in_flight_ = &in_flight; }
    /// `in_flight` has come to 0, after everything was pushed: a consumer that waits finds the end.
    void none_in_flight() noexcept;

    // ---- producers

    /// Gives an empty chunk, or null if there is none: then `waiting`, if given,
    /// is woken when a chunk may have come back.
    /// Errors: throws std::bad_alloc.
    result_chunk* take_chunk(wakeable* waiting);
    /// Hands over a chunk that holds at least one element; wakes the consumer.
    void push(result_chunk& chunk) noexcept;
    /// Gives an empty chunk back.
    void give_back(result_chunk& chunk) noexcept;
    /// Nothing more is pushed. If `canceled`, elements that the consumer has
    /// not taken yet are lost, and `front` throws.
    void close(bool canceled) noexcept;

    // ---- the consumer

    /// Goes on to the next element or to the end. Gives false if the consumer has to wait: then `suspend` must follow.
    bool advance() noexcept { return here_ != end_ || go_on(); }
    /// True if the consumer is suspended and will be woken; false if an element or the end has come meanwhile.
    /// Where the thread's budget is used up, the consumer is suspended too, and woken by its executor.
    bool suspend(fiber& consumer, std::coroutine_handle<> frame) noexcept;
    /// After `advance` or a wake: the element, null at the end. It stays until `pop`.
    /// Errors: throws bad_result (operation_canceled) if the channel was closed by cancellation.
    std::byte* front() { return here_ != end_ ? here_ : front_after_refill(); }
    bool front_failed() const noexcept { return (current_->failed >> at() & 1) != 0; }
    std::uint64_t front_index() const noexcept { return current_->index[at()]; }
    /// Destroys the element, which may have been moved from, and leaves it.
    void pop() noexcept {
        if (!trivial_) destroy_front();
        here_ += stride_;
    }

    /// The consumer wants nothing more. Elements that were pushed are destroyed with the channel,
    /// later ones at once, and no producer waits any more.
    void abandon() noexcept;
    /// True after `abandon`: a producer may stop.
    bool abandoned() const noexcept { return abandoned_.load(std::memory_order_relaxed); }

    /// Makes a list of all pushed elements, in the order of their indices.
    /// To be called when all have been pushed, instead of the calls above.
    /// Errors: throws what moving the elements throws; the list is destroyed then.
    void into_list(list_type const& type, void* at);

private:
    /// The place of the element in its chunk.
    unsigned at() const noexcept {
        return static_cast<unsigned>(static_cast<std::size_t>(here_ - current_->element(stride_, 0)) / stride_);
    }
    void destroy_front() noexcept;
    void cancel() noexcept { close(true); }
    void come_back() noexcept;
    std::byte* front_after_refill();
    bool go_on() noexcept;
    bool is_budget_over() noexcept;
    void set_end(unsigned from) noexcept;
    result_chunk* find_chunk(wakeable* waiting);
    bool refill() noexcept;
    bool refill_locked(wakeable*& freed) noexcept;
    void recycle_locked(result_chunk& chunk, wakeable*& freed) noexcept;
    void destroy_element(std::byte* element, bool failed) noexcept;
    void destroy_elements(result_chunk& chunk, unsigned from) noexcept;
    void free_list(result_chunk* list, unsigned from) noexcept;

    std::span<element_part const> parts_;
    std::size_t stride_;
    std::size_t align_;
    unsigned capacity_;
    bool with_errors_;
    bool trivial_;

    // The consumer's own.
    result_chunk* current_ = nullptr;
    std::byte* here_ = nullptr;  // the element in current_
    std::byte* end_ = nullptr;   // behind the last one to read before go_on; here_ == end_: none is left
    // With a budget, elements are read in segments, so short that each takes a small part of the budget.
    thread_budget const* budget_ = nullptr;  // null: there are no segments
    segment_hint const* hint_ = nullptr;
    unsigned segment_ = 1;       // elements
    unsigned left_ = 1;          // elements of the segment behind end_
    bool looks_at_wake_ = true;  // or the time that the next segment takes would not be known
    bool gives_back_ = false;    // `suspend` is to give the thread back

    // Set under the mutex. Producers read it without the mutex, since a late look does no harm.
    std::atomic<bool> abandoned_{false};

    fiber* giving_back_ = nullptr;  // the consumer, while it waits for its executor
    calls<work, &result_channel::come_back> coming_back_{*this};
    // Closes the channel, which wakes a consumer that waits and is cancelled.
    calls<fiber::interrupt, &result_channel::cancel> cancelling_{*this};

    std::optional<parking> room_;  // where producers wait; none: the channel is not watched
    std::atomic<std::uint64_t> const* in_flight_ = nullptr;

    std::mutex mutex_;  // guards what follows
    unsigned bound_;
    result_chunk* head_ = nullptr;
    result_chunk* tail_ = nullptr;
    result_chunk* free_ = nullptr;
    unsigned made_ = 0;
    bool closed_ = false;
    bool canceled_ = false;
    fiber* sleeping_ = nullptr;
    work_list waiting_;  // producers, each a wakeable
};

}  // namespace frond
