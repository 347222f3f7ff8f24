// Posting without fail: where a handler finds no memory, its work waits for a handler whose memory is there already.
#pragma once

#include "frond/asio/detail/handler_memory.hpp"
#include "frond/asio/detail/net.hpp"
#include "frond/base/work.hpp"

#include <mutex>
#include <utility>

namespace frond::detail {

template <class Executor>
inline constexpr bool is_strand = false;
template <class Executor>
inline constexpr bool is_strand<net::strand<Executor>> = true;

/// Enters a strand on a thread of its inner executor.
template <class Strand, class Handler>
struct strand_entry {
    using allocator_type = net::associated_allocator_t<Handler>;

    allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }
    void operator()() { net::dispatch(strand, std::move(handler)); }

    Strand strand;
    Handler handler;
};

/// Posts a handler, in memory that its associated allocator gives. A strand is entered from its inner executor, for two reasons:
/// a post to a strand that fails half way leaves the strand locked for ever, and a strand that has got a post while it was busy
/// allocates when it ends its turn, where it cannot fail.
/// Errors: throws what the allocator throws; then nothing has been posted.
template <class Executor, class Handler>
void hand_in(Executor const& to, Handler handler) {
    if constexpr (is_strand<Executor>) {
        net::post(to.get_inner_executor(), strand_entry<Executor, Handler>{to, std::move(handler)});
    } else {
        net::post(to, std::move(handler));
    }
}
/// As above, by a thread that comes back to the executor at once.
template <class Executor, class Handler>
void hand_in_deferred(Executor const& to, Handler handler) {
    if constexpr (is_strand<Executor>) {
        net::defer(to.get_inner_executor(), strand_entry<Executor, Handler>{to, std::move(handler)});
    } else {
        net::defer(to, std::move(handler));
    }
}

/// Work for which there was no memory: a list, and one handler that runs one of the list at a time. Once a thread has memory
/// again, posts do not come here.
///
/// Thread: any.
class late_posts {
public:
    /// True: the caller must post the handler that calls `next`.
    [[nodiscard]] bool add(work& item) noexcept {
        std::lock_guard const guard(mutex_);
        waiting_.push_back(item);
        return !std::exchange(handler_posted_, true);
    }
    /// The work to run now. `another`: the caller must post the handler again, before it runs the work.
    work& next(bool& another) noexcept {
        std::lock_guard const guard(mutex_);
        work& item = waiting_.pop_front();
        another = handler_posted_ = !waiting_.empty();
        return item;
    }
    /// The memory of the handler.
    handler_block memory;

private:
    std::mutex mutex_;  // guards what follows
    work_list waiting_;
    bool handler_posted_ = false;
};

}  // namespace frond::detail
