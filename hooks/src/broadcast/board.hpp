// The latest state of each run, and who waits for a later one than he knows.
//
// Knows no JSON. Publishing never waits for a subscriber: it replaces the state, and wakes those who sleep.
#pragma once

#include "progress_json.hpp"

#include "frond/base/fiber.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace frond::hooks::detail {

using shared_view = std::shared_ptr<run_view const>;
using views = std::map<std::uint64_t, shared_view>;  // by run_id

/// Invariants:
///  (1) who sleeps has been told all there is;
///  (2) a sleeper is woken exactly once for each suspension: by whoever takes it out of the list.
/// Thread: any.
class board {
public:
    explicit board(std::size_t ended_runs);

    /// Replaces the state of a run that is not known to have ended.
    /// Errors: throws std::bad_alloc; then nothing has changed.
    void publish(shared_view now);
    void close() noexcept;

    /// What a subscriber, who was told these states last, has to be told next.
    struct news {
        shared_view before;  // null: nothing was told of this run
        shared_view now;     // null: there is nothing new
        bool over = false;   // nor will there be
    };
    /// Forgets in `told` what is not kept any more. `last_run`: of which it was told last; the others come first.
    news news_for(views& told, std::uint64_t last_run) const;

    class sleeper;

private:
    struct sleepers {
        sleeper* first = nullptr;
    };
    shared_view next_of(views const& told, std::uint64_t last_run) const noexcept;
    bool sleep(sleeper& who, fiber& on, std::coroutine_handle<> frame) noexcept;
    /// True if it was in the list, and so is the caller's to wake.
    bool take_out(sleeper& who) noexcept;
    sleepers take_sleepers() noexcept;
    static void wake(sleepers all) noexcept;

    std::size_t const ended_runs_;
    mutable std::mutex mutex_;  // guards what follows
    views runs_;
    std::deque<std::uint64_t> ended_;  // of runs_, the oldest first
    sleeper* sleeping_ = nullptr;      // linked both ways
    bool closed_ = false;
};

/// Waits for news, in the frame of who awaits it. Gives false if that was cancelled.
class board::sleeper : fiber::interrupt {
public:
    sleeper(board& of, views const& told) noexcept : interrupt(&sleeper::emit), of_(of), told_(told) {}
    /// A frame that waits may be destroyed, if nothing is about to wake it.
    ~sleeper() { of_.take_out(*this); }
    sleeper(sleeper const&) = delete;
    sleeper& operator=(sleeper const&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) noexcept {
        return of_.sleep(*this, *frame.promise().on, frame);
    }
    bool await_resume() const noexcept { return !on_->cancel_requested(); }

private:
    friend board;
    static void emit(fiber::interrupt& self) noexcept {
        auto& me = static_cast<sleeper&>(self);
        if (me.of_.take_out(me)) me.on_->wake();
    }

    board& of_;
    views const& told_;
    fiber* on_ = nullptr;
    sleeper* previous_ = nullptr;
    sleeper* next_ = nullptr;
    bool listed_ = false;
};

}  // namespace frond::hooks::detail
