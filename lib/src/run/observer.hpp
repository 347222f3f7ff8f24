// One hook of one run: a bounded queue of what it is to be told, and the coroutine that tells it, one call at a time.
//
// A lossless one makes lanes wait while too much is queued; see `admit`.
//
// Thread: `push`, `close`, `cancel`, `admit` and `release` from any; the coroutine runs on the run's executor.
#pragma once

#include "event_record.hpp"
#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/run_report.hpp"
#include "hook_turn.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

namespace frond {

class run_state;

class observer : public std::enable_shared_from_this<observer> {
public:
    /// `awaited`: the run does not complete before it has ended. Errors: throws std::bad_alloc.
    observer(run_state& run, any_hook hook, bool awaited);

    /// Starts telling; `run` is told when the last event has been.
    void start() noexcept;
    /// Queues a batch with so many events for the hook; the oldest go when more wait than its policy allows.
    void push(std::shared_ptr<event_batch const> batch, std::size_t events) noexcept;
    /// Nothing follows; what is queued is still told.
    void close() noexcept;
    /// The grace is over: what the hook awaits is interrupted, what is queued is dropped but for the end of the run.
    void cancel() noexcept;

    bool listens(hook_moment moment) const noexcept { return hook_.listens(moment); }
    /// How many of its events concern the hook.
    std::size_t events_in(event_batch const& batch) const noexcept;
    std::uint64_t dropped() const noexcept;
    bool awaited() const noexcept { return awaited_; }
    hook_report report() const noexcept;

    // ---- for lanes
    bool lossless() const noexcept { return hook_.policy().lossless(); }
    /// True: new children may start. False: `waiting` is woken when they may.
    bool admit(wakeable& waiting) noexcept;
    /// Whoever waits goes on.
    void release() noexcept;

private:
    struct teller : fiber {
        teller(observer& owner, executor& home) noexcept : fiber(home, &observer::stopped), of(owner) {}
        observer& of;
    };
    struct tick : alarm {
        explicit tick(observer& owner) noexcept;
        observer& of;
        std::shared_ptr<observer> keep;       // while it is set,
        std::shared_ptr<run_state> keep_run;  // and with it the executor that it comes on
    };
    struct stall : alarm {
        explicit stall(observer& owner) noexcept;
        observer& of;
        std::shared_ptr<observer> keep;       // while it is set,
        std::shared_ptr<run_state> keep_run;  // and with it the executor that it comes on
    };
    struct turn : wakeable {
        explicit turn(observer& owner) noexcept
            : wakeable([](work& self) noexcept { static_cast<turn&>(self).of.fiber_.wake(); }), of(owner) {}
        observer& of;
    };
    struct next_awaiter;
    struct turn_awaiter;

    async<void> tell_all();
    struct queued_batch {
        std::shared_ptr<event_batch const> batch;
        std::size_t events = 0;  // that concern the hook
    };
    using batch_list = std::list<queued_batch>;

    async<void> tell(queued_batch const& queued);
    async<void> call(hook_moment moment, void const* event);
    void drop(std::size_t events) noexcept;
    void failed() noexcept;
    bool something_to_do() const noexcept;
    bool too_full() const noexcept;
    void drop_oldest(batch_list& dropped) noexcept;
    void arm_stall() noexcept;
    void disarm_stall() noexcept;
    static void wake_all(work_list& waiting) noexcept;
    void wake_up() noexcept;
    static void stopped(fiber& self) noexcept;

    run_state& run_;
    any_hook hook_;
    duration const interval_;
    bool const awaited_;
    std::shared_ptr<hook_turn> const turn_;
    turn waiting_turn_{*this};
    teller fiber_;
    std::optional<async<void>> telling_;
    std::shared_ptr<observer> self_;       // while the coroutine lives,
    std::shared_ptr<run_state> keep_run_;  // and with it the run's executor and clock

    mutable std::mutex mutex_;  // guards what follows
    batch_list queue_;
    std::uint64_t queued_ = 0;  // events
    std::uint64_t dropped_ = 0;
    bool closed_ = false;
    bool sleeping_ = false;
    bool tick_due_ = false;
    bool tick_armed_ = false;
    tick tick_;
    std::uint64_t most_queued_ = 0;
    std::uint64_t errors_ = 0;
    bool telling_now_ = false;
    bool interrupted_ = false;
    bool downgraded_ = false;  // it was lossless
    bool stall_armed_ = false;
    stall stall_;
    time_point held_since_{};  // the first of those that wait
    work_list lanes_;          // that wait to be admitted; of wakeable
};

}  // namespace frond
