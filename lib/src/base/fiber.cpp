#include "frond/base/fiber.hpp"

namespace frond {

constinit thread_local void* current_context::current_ = nullptr;

// Called after the frames have come back to their driver. True if they have stopped and the fiber is the caller's.
bool fiber::settle() noexcept {
    for (;;) {
        if (stop_) return release();
        if (cancel_requested() && state_.load(std::memory_order_acquire) != state::woken) interrupt_now();
        auto seen = state::running;
        // Once parked, the next wake may destroy the fiber: touch no member after the exchange.
        if (state_.compare_exchange_strong(seen, state::parked, std::memory_order_acq_rel)) return false;
        if (seen == state::interrupt_wanted &&
            state_.compare_exchange_strong(seen, state::running, std::memory_order_acq_rel)) {
            continue;
        }
        on_wake_(*this);
    }
}

// True if no emission holds the fiber, and none will; else the emission calls on_stop when it has run.
bool fiber::release() noexcept {
    auto seen = emission_state::none;
    if (emission_state_.compare_exchange_strong(seen, emission_state::closed, std::memory_order_acq_rel)) return true;
    seen = emission_state::posted;
    return !emission_state_.compare_exchange_strong(seen, emission_state::outlived, std::memory_order_acq_rel);
}

void fiber::resume_woken() noexcept {
    // An exchange: an emission that found the fiber woken counts on the resumed frames to see the cancellation.
    state_.exchange(state::running, std::memory_order_acq_rel);
    // The thread that woke the fiber may still be in a step of the operation, and hold the gate. It must leave the gate
    // before the frames, and with them the fiber, can end.
    wait_for_gate();
    interrupt_ = nullptr;
    if (home_->is_gone()) {
        stop();
    } else {
        resume(frame_);
    }
}

void fiber::continue_(work& self) noexcept {
    auto& me = static_cast<fiber&>(self);
    me.on_wake_(me);
    if (me.settle()) me.on_stop_(me);
}

void fiber::cancel() noexcept {
    if (cancel_requested_.exchange(true, std::memory_order_seq_cst)) return;
    auto seen = emission_state::none;
    if (emission_state_.compare_exchange_strong(seen, emission_state::posted, std::memory_order_seq_cst)) {
        home_->post(emission_);
    }
}

void fiber::interrupt_now() noexcept {
    if (interrupt_ == nullptr) return;
    interrupt& how = *interrupt_;
    interrupt_ = nullptr;
    lock_gate();
    how.emit(how);
    unlock_gate();
}

void fiber::emit_if_parked() noexcept {
    auto seen = state_.load(std::memory_order_acquire);
    for (;;) {
        if (seen == state::running) {
            if (state_.compare_exchange_weak(seen, state::interrupt_wanted, std::memory_order_acq_rel)) return;
        } else if (seen == state::parked) {
            if (state_.compare_exchange_weak(seen, state::interrupting, std::memory_order_acq_rel)) break;
        } else if (state_.compare_exchange_weak(seen, seen, std::memory_order_acq_rel)) {
            return;  // woken: the thread that resumes the fiber looks at the cancellation before it parks again
        }
    }
    interrupt_now();
    seen = state::interrupting;
    if (state_.compare_exchange_strong(seen, state::parked, std::memory_order_acq_rel)) return;
    on_wake_(*this);
    settle();  // if the frames stop now, emit calls on_stop: the emission holds the fiber
}

void fiber::emit() noexcept {
    emit_if_parked();
    if (emission_state_.exchange(emission_state::over, std::memory_order_acq_rel) == emission_state::outlived) {
        on_stop_(*this);
    }
}

}  // namespace frond
