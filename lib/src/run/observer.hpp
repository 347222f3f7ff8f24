// One hook of one run: the coroutine that tells the hook, one call at a time, what `hook_queue` decides.
//
// Invariants: the coroutine keeps the run alive, and so does an alarm that is set; the run owns the observer.
// Thread: any, but for the coroutine, which runs on the run's executor.
#pragma once

#include "event_record.hpp"
#include "frond/base/async.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/run/hook.hpp"
#include "frond/run/run_report.hpp"
#include "hook_errors.hpp"
#include "hook_queue.hpp"
#include "hook_turn.hpp"
#include "observed_run.hpp"
#include "owned_alarm.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace frond {

class observer {
public:
    /// `awaited`: the run waits for this observer. Errors: throws std::bad_alloc.
    observer(observed_run& run, hook_errors& errors, any_hook hook, bool awaited);
    observer(observer const&) = delete;
    observer& operator=(observer const&) = delete;

    /// Starts the coroutine, which calls `observed_run::observer_ended` when the hook
    /// has been told the last event. Must be called once.
    void start() noexcept;
    /// Queues a batch with so many events for the hook.
    void push(std::shared_ptr<event_batch const> batch, std::size_t events) noexcept;
    /// Nothing more follows; the hook is still told what is queued.
    void close() noexcept;
    /// The grace is over: the operation that the hook awaits is interrupted,
    /// and of the queued events only run events are told.
    void cancel() noexcept;

    bool listens(hook_moment moment) const noexcept { return hook_.listens(moment); }
    /// How many events of the batch concern the hook; 0 for a hook that takes samples.
    std::size_t events_in(event_batch const& batch) const noexcept;
    bool awaited() const noexcept { return awaited_; }
    hook_report report() const noexcept;

    // ---- for lanes
    /// True: new children may start. False: `lane` is woken when they may.
    bool admit(wakeable& lane) noexcept;
    /// Wakes all lanes that wait.
    void release() noexcept;

private:
    struct teller : fiber {
        teller(observer& of, executor& home) noexcept : fiber(home, &observer::stopped), owner(of) {}
        observer& owner;
    };
    struct next_awaiter;
    struct turn_awaiter;

    async<void> tell_all();
    async<void> tell(queued_batch const& queued);
    async<void> call(hook_moment moment, void const* event);
    void lose(std::size_t events) noexcept;
    void failed() noexcept;
    void sample_came() noexcept;
    void stall_came() noexcept;
    void set_stall() noexcept;
    void wake_up() noexcept;
    void got_turn() noexcept;
    void give_turn() noexcept;
    static void stopped(fiber& self) noexcept;

    observed_run& run_;
    hook_errors& hook_errors_;
    any_hook hook_;
    bool const awaited_;
    std::shared_ptr<hook_turn> const turn_;
    calls<wakeable, &observer::got_turn> turn_wait_{*this};
    bool has_turn_ = false;
    teller fiber_;
    std::optional<async<void>> telling_;
    std::shared_ptr<void> keep_;  // the run, while the coroutine lives

    mutable std::mutex mutex_;  // guards what follows
    hook_queue queue_;
    owned_alarm<observer, &observer::sample_came> sample_;
    owned_alarm<observer, &observer::stall_came> stall_;
};

}  // namespace frond
