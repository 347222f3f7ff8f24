// The part of an asio_executor that does not depend on Asio's type.
#pragma once

#include "frond/asio/detail/context_guests.hpp"
#include "frond/asio/detail/net.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/detail/thread_watch.hpp"
#include "frond/base/executor.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace frond {

namespace detail {

/// While it lives, this thread lets go of what may belong to a context that is being destroyed. Work that it gives to an executor
/// which is gone is done when that call has returned: afterwards the context's timers and sockets can be destroyed no more.
class last_moment {
public:
    explicit last_moment(bool now = true) noexcept : before_(std::exchange(now_, now)) {}
    last_moment(last_moment const&) = delete;
    last_moment& operator=(last_moment const&) = delete;
    ~last_moment() { now_ = before_; }

    static bool is_now() noexcept { return now_; }

private:
    bool before_;
    static constinit thread_local bool now_;
};

}  // namespace detail

/// The part of an asio_executor that does not depend on Asio's type: its posts under way, and its end.
///
/// Where the executor has a guest (`set_guest`), the context's destruction ends it: `close`, then `run_left_work`. Work that the
/// context destroys instead of running it comes back here, so that nothing of a run is lost.
class asio_executor_base : public executor {
public:
    /// The executor itself: for timers, sockets and co_spawn. Empty once its context is gone.
    virtual net::any_io_executor io_executor() const = 0;

    void wait_for_posts() const noexcept override {
        while (posts_.load(std::memory_order_acquire) != 0) std::this_thread::yield();
    }

    /// Sets the guest that owns the executor and is told of the end of the context. Must be called before the first post.
    void set_guest(detail::context_guest& guest) noexcept { guest_ = &guest; }
    /// Keeps the executor alive; null if it has no guest.
    std::shared_ptr<void> keep_guest() const noexcept { return guest_ != nullptr ? guest_->keep() : nullptr; }
    /// The context is being destroyed. From now on the executor is gone, and posted work is kept for `run_left_work`.
    void close() noexcept;
    /// Runs the work that is left, and all work that this makes runnable, on this thread. Must follow `close`. Requires: the caller
    /// keeps the guest alive.
    void run_left_work() noexcept;

protected:
    asio_executor_base(known_threads::number known, std::shared_ptr<known_threads> of_context) noexcept
        : executor(known, std::move(of_context)) {}
    ~asio_executor_base() = default;

    /// Where the executor is gone: takes the item, and gives true.
    bool takes(work& item) noexcept {
        if (!is_gone()) return false;
        posts_.fetch_sub(1, std::memory_order_release);
        run_here(item, detail::last_moment::is_now());
        return true;
    }
    /// The post of `item` was destroyed: by the context, or since there was no memory for it.
    void dropped(work& item) noexcept;
    /// `item` will not be run by the context any more.
    void leave(work& item) noexcept;

    // Under way, and other uses of Asio's executor, for which the end of its context waits.
    std::atomic<unsigned> posts_ = 0;

private:
    /// Posts `item` without further memory.
    virtual void post_late(work& item) noexcept = 0;
    /// Destroys what belongs to the context and would outlive it here, as a strand does. No post is under way.
    virtual void let_go_of_context() noexcept = 0;
    void run_here(work& item, bool at_once) noexcept;
    bool begin_turn() noexcept;
    void run_left_work_kept() noexcept;

    detail::context_guest* guest_ = nullptr;
    std::mutex mutex_;                  // guards what follows
    work_list left_;                    // work that the context will not run
    std::thread::id runner_{};          // the thread that runs it, or is about to; none: no thread does
    std::shared_ptr<void> queued_for_;  // keeps the guest while `run_left_` is in a pump; null: it is in none
    calls<work, &asio_executor_base::run_left_work_kept> run_left_{*this};
};

}  // namespace frond
