// A stack of coroutine frames that one driver at a time resumes.
//
// g++ 12 does not make symmetric transfer a tail call in every build, so coroutines here never resume one another: they
// leave the next handle with their fiber and return to its loop. The stack stays flat whatever the depth of awaiting.
//
// The handshake: a driver resumes the frames. A frame that suspends for something outside leaves its handle to a waker.
// The waker may fire before the driver has left the frames.
// So the second of the two, driver or waker, resumes the frame (see `state`).
// Knows no Asio and no clock.
#pragma once

#include "frond/base/detail/calls.hpp"
#include "frond/base/executor.hpp"

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <utility>

namespace frond {

namespace detail {
class handler_block;
}  // namespace detail

/// A pointer to the context of the code that runs on this thread now. Opaque to all but the code that set it.
class current_context {
public:
    explicit current_context(void* what) noexcept : before_(std::exchange(current_, what)) {}
    current_context(current_context const&) = delete;
    current_context& operator=(current_context const&) = delete;
    ~current_context() { current_ = before_; }

    static void* get() noexcept { return current_; }

private:
    void* before_;
    static constinit thread_local void* current_;
};

/// Thread: the frames run on one thread at a time; `wake` and `cancel` may come from any.
class fiber : public work {
public:
    /// Called on the driving thread when the outermost frame has ended, or when an expander's frame has stopped, to
    /// have its values taken. Where the home executor is gone, the frames have not ended, and must be destroyed.
    /// The fiber may be destroyed inside.
    using stopped = void (*)(fiber&) noexcept;

    fiber(executor& home, stopped on_stop) noexcept : fiber(home, on_stop, &fiber::resume_plainly) {}

    executor& home() const noexcept { return *home_; }
    /// The current context while the frames run. Must be set before they do.
    void* context = nullptr;
    /// Room for a step of the operation that the frames await, for the adaptor that runs it; null if they await none.
    detail::handler_block* step_memory = nullptr;

    /// Resumes `frame` on this thread, in the current pump.
    /// Gives true if the frames have stopped, false if they are suspended.
    /// After a false `settle` must follow; between the two the driver may act before any wake takes effect. `settle`
    /// must follow a true as well if the fiber can have been cancelled meanwhile.
    bool begin(std::coroutine_handle<> frame) noexcept {
        reopen();
        resume(frame);
        return stop_;
    }
    /// As above, on a thread that is inside a body already, with the fiber's context as the current one.
    bool begin_inside_body(std::coroutine_handle<> frame) noexcept {
        reopen();
        resume_frames(frame);
        return stop_;
    }
    /// As `begin`, for a frame that has to begin its suspension first: `suspend(what)` begins it in the frame's stead.
    bool begin(void (*suspend)(void*) noexcept, void* what) noexcept {
        reopen();
        {
            current_context const here(context);
            suspend(what);
        }
        resume(std::exchange(next_, nullptr));
        return stop_;
    }
    /// Leaves the frames to their waker. Gives true if they have stopped meanwhile: then `on_stop` is not called. Gives
    /// false if they wait: then `on_stop` follows, and the caller must not touch the fiber any more.
    /// After a true, and inside `on_stop`, no emission of a cancellation is on its way,
    /// and none will be before `begin`.
    bool settle() noexcept;

    /// `begin`, then `settle`: true if the frames have stopped and the fiber
    /// is the caller's, false if `on_stop` follows.
    bool run(std::coroutine_handle<> frame) noexcept {
        static_cast<void>(begin(frame));
        return settle();
    }

    // ---- for the driver, between `begin` and `settle`, and in the function of a derived fiber, after `resume_woken`

    /// True if the frames are suspended for something outside.
    bool waits_outside() const noexcept { return !stop_ && !waits_for_tasks_; }

    // ---- for frames and awaiters

    /// The outermost frame has ended, or an expander's frame wants its values taken: the driver gets control back.
    void stop() noexcept { stop_ = true; }

    /// Called by a frame that suspends now: `frame` is resumed in its place.
    void transfer_to(std::coroutine_handle<> frame) noexcept { next_ = frame; }

    /// A frame suspends for something outside, and `wake` resumes it. Exactly one wake must come for each suspension.
    void suspend_at(std::coroutine_handle<> frame) noexcept { frame_ = frame; }

    /// The frame that suspends now is resumed by other tasks of the run, and by nothing outside. Forgotten when it resumes.
    void waits_for_tasks() noexcept { waits_for_tasks_ = true; }

    /// Resumes the frame that suspended, on the home executor.
    void wake() noexcept {
        if (state_.exchange(state::woken, std::memory_order_acq_rel) == state::parked) home_->wake(*this);
    }

    /// Ends a suspension early. `emit` is called on the home executor, at most once for each suspension, and never
    /// while the frames run. The wake must still come.
    struct interrupt {
        explicit interrupt(void (*act)(interrupt&) noexcept) noexcept : emit(act) {}
        void (*emit)(interrupt&) noexcept;
    };
    /// How the suspension can be ended early. Set by a frame together with `suspend_at`;
    /// forgotten when the frame resumes.
    void interruptible(interrupt& how) noexcept { interrupt_ = &how; }
    /// The frame does not suspend after all.
    void uninterruptible() noexcept { interrupt_ = nullptr; }

    // ---- cancellation

    /// Asks the frames to end soon: the present suspension is interrupted, and so is every later one.
    /// Requires: the fiber is alive. It may be destroyed after `settle` has given true
    /// or inside `on_stop`, once no further call can come.
    void cancel() noexcept;
    bool cancel_requested() const noexcept { return cancel_requested_.load(std::memory_order_seq_cst); }

    /// Keeps an interruption out while the steps of a composed operation run on other threads of the home executor.
    void lock_gate() noexcept {
        while (gate_.test_and_set(std::memory_order_acquire)) {
        }
    }
    void unlock_gate() noexcept { gate_.clear(std::memory_order_release); }
    /// Returns when no thread is inside the gate. Requires: no further thread will enter the gate.
    void wait_for_gate() const noexcept {
        while (gate_.test(std::memory_order_acquire)) {
        }
    }

protected:
    // ---- for a derived fiber that does something around each resuming of a woken frame

    /// Called in a pump of the home executor, for each wake; must call `resume_woken`, once. The fiber lives until it has
    /// returned, even if the frames have ended.
    using woken = void (*)(fiber&) noexcept;
    fiber(executor& home, stopped on_stop, woken on_wake) noexcept
        : work(&fiber::continue_), home_(&home), on_stop_(on_stop), on_wake_(on_wake) {}

    void resume_woken() noexcept;

private:
    // Says which thread may touch the frames.
    // running: the driver is inside.
    // interrupt_wanted: as running; the driver must look at the cancellation before it parks.
    // parked: no thread is inside; the next wake resumes the frames, and must see all that the driver wrote.
    // interrupting: an emission is at work; a wake that comes meanwhile leaves the resuming to the emission.
    // woken: a wake came while the driver or an emission was inside, and the one inside resumes the frames.
    enum class state : std::uint8_t { running, interrupt_wanted, parked, interrupting, woken };

    // Guards the lifetime of the posted emission.
    // none: never posted. posted: on its way; it holds the fiber. outlived: the frames stopped first; the emission
    // calls `on_stop`. over: it has run. closed: the frames stopped before any cancellation;
    // a later cancellation posts nothing.
    enum class emission_state : std::uint8_t { none, posted, outlived, over, closed };

    void reopen() noexcept {
        stop_ = false;
        // A cancellation that still finds the state closed is seen by the next settle:
        // all four accesses have one order.
        if (emission_state_.load(std::memory_order_relaxed) == emission_state::closed) {
            emission_state_.exchange(emission_state::none, std::memory_order_seq_cst);
        }
    }
    void resume(std::coroutine_handle<> frame) noexcept {
        current_context const here(context);
        working_thread::body const inside(pump::thread_here());
        resume_frames(frame);
    }
    void resume_frames(std::coroutine_handle<> frame) noexcept {
        waits_for_tasks_ = false;
        next_ = frame;
        while (next_) {
            auto const now = next_;
            next_ = nullptr;
            now.resume();
        }
    }
    static void resume_plainly(fiber& self) noexcept { self.resume_woken(); }
    static void continue_(work& self) noexcept;
    void interrupt_now() noexcept;
    bool release() noexcept;
    void emit_if_parked() noexcept;
    void emit() noexcept;

    executor* home_;
    stopped on_stop_;
    woken on_wake_;
    std::coroutine_handle<> next_ = nullptr;
    std::coroutine_handle<> frame_ = nullptr;
    interrupt* interrupt_ = nullptr;
    std::atomic<state> state_{state::running};
    std::atomic<bool> cancel_requested_{false};  // set once; read by awaiters, and by drivers before they park
    std::atomic<emission_state> emission_state_{emission_state::none};
    std::atomic_flag gate_;
    bool stop_ = false;
    bool waits_for_tasks_ = false;
    calls<work, &fiber::emit> emission_{*this};
};

}  // namespace frond
