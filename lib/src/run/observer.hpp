// One hook of one run: a bounded queue of what it is to be told, and the coroutine that tells it, one call at a time.
//
// Thread: `push`, `close` and `cancel` from any; the coroutine runs on the run's executor.
#pragma once

#include "event_record.hpp"
#include "frond/base/async.hpp"
#include "frond/base/clock.hpp"
#include "frond/run/hook.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace frond {

class run_state;

class observer : public std::enable_shared_from_this<observer> {
public:
    observer(run_state& run, any_hook hook);

    /// Starts telling; `run` is told when the last event has been.
    void start() noexcept;
    /// Queues a batch; the oldest go when more wait than the hook's policy allows.
    void push(std::shared_ptr<event_batch const> batch) noexcept;
    /// Nothing follows; what is queued is still told.
    void close() noexcept;
    /// The grace is over: what the hook awaits is interrupted, what is queued is dropped but for the end of the run.
    void cancel() noexcept;

    bool listens(hook_moment moment) const noexcept { return hook_.listens(moment); }
    /// True if one of the records concerns the hook.
    bool wants(event_batch const& batch) const noexcept;
    std::uint64_t dropped() const noexcept;

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
    struct next_awaiter;

    async<void> tell_all();
    async<void> tell(event_batch const& batch);
    async<void> call(hook_moment moment, void const* event);
    bool something_to_do() const noexcept;
    void wake_up() noexcept;
    static void stopped(fiber& self) noexcept;

    run_state& run_;
    any_hook hook_;
    duration const interval_;
    teller fiber_;
    std::optional<async<void>> telling_;
    std::shared_ptr<observer> self_;       // while the coroutine lives,
    std::shared_ptr<run_state> keep_run_;  // and with it the run's executor and clock

    mutable std::mutex mutex_;  // guards what follows
    std::deque<std::shared_ptr<event_batch const>> queue_;
    std::uint64_t queued_ = 0;  // records
    std::uint64_t dropped_ = 0;
    bool closed_ = false;
    bool sleeping_ = false;
    bool tick_due_ = false;
    bool tick_armed_ = false;
    tick tick_;
};

}  // namespace frond
