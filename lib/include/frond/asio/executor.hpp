// Asio's executors and timers as the executor and the clock that frond knows.
#pragma once

#include "frond/asio/detail/asio_executor_base.hpp"
#include "frond/asio/detail/context_service.hpp"
#include "frond/asio/detail/handler_memory.hpp"
#include "frond/asio/detail/late_posts.hpp"
#include "frond/asio/detail/net.hpp"
#include "frond/base/clock.hpp"
#include "frond/base/detail/calls.hpp"
#include "frond/base/detail/thread_watch.hpp"
#include "frond/base/executor.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace frond {

/// An Asio executor behind the executor seam. The executor stays concrete: its posts use frond's own handler memory.
///
/// Work may end a run while another thread is still inside the post that handed it over, and whoever waited for the run
/// may then destroy what runs the executor, which that thread touches last. So the end of an asio_executor waits for its
/// posts to return; it is no longer than a call.
///
/// Thread: any.
template <class Executor>
class asio_executor final : public asio_executor_base {
public:
    /// `concurrency`: how many threads run it; 0: as many as the executor itself tells, or unknown.
    explicit asio_executor(Executor inner, unsigned concurrency = 0)
        : asio_executor(concurrency != 0 ? concurrency : ask(inner), std::move(inner)) {}
    ~asio_executor() { wait_for_posts(); }

    void post(work& item) noexcept override {
        posts_.fetch_add(1, std::memory_order_seq_cst);
        if (takes(item)) return;
        try {
            detail::hand_in(*inner_, run_work(item, *this));
        } catch (...) {
            // Out of memory: the handler that was not posted has given the item to `dropped`.
        }
        posts_.fetch_sub(1, std::memory_order_release);
    }
    void defer(work& item) noexcept override {
        posts_.fetch_add(1, std::memory_order_seq_cst);
        if (takes(item)) return;
        try {
            detail::hand_in_deferred(*inner_, run_work(item, *this));
        } catch (...) {
        }
        posts_.fetch_sub(1, std::memory_order_release);
    }
    void dispatch(work& item) noexcept override {
        if (runs_here()) {
            pump::drive(item, *this);
        } else {
            post(item);
        }
    }
    unsigned concurrency() const noexcept override { return concurrency_; }
    void call_threads() noexcept override {
        auto const& known = this->threads_of_context();
        if (known == nullptr) return;
        posts_.fetch_add(1, std::memory_order_seq_cst);
        if (!is_gone() && known->may_call()) {
            try {
                net::post(*inner_, call{known});
            } catch (...) {
                known->call_is_over();  // out of memory: the next run calls
            }
        }
        posts_.fetch_sub(1, std::memory_order_release);
    }
    net::any_io_executor io_executor() const override {
        return inner_ ? net::any_io_executor(*inner_) : net::any_io_executor();
    }

private:
    asio_executor(unsigned known_concurrency, Executor&& inner)
        : asio_executor_base(
              known_concurrency == 0 ? known_threads::number::perhaps_one : known_threads::number::several,
              known_concurrency == 0 ? detail::threads_of_context(inner) : nullptr),
          inner_(std::in_place, std::move(inner)),
          concurrency_(known_concurrency) {}

    class run_work {
    public:
        // A strand's handler takes the place of the entry into the strand, and must find memory then.
        using allocator_type = detail::handler_allocator<void, detail::is_strand<Executor> ? 128 : 0>;

        run_work(work& item, asio_executor& on) noexcept : item_(&item), on_(&on) {}
        run_work(run_work&& other) noexcept : item_(std::exchange(other.item_, nullptr)), on_(other.on_) {}
        run_work& operator=(run_work&&) = delete;
        ~run_work() {
            if (item_ != nullptr) on_->dropped(*item_);
        }
        allocator_type get_allocator() const noexcept { return {}; }
        void operator()() noexcept { pump::drive_posted(*std::exchange(item_, nullptr), *on_); }

    private:
        work* item_;  // null: it has been run, or moved on
        asio_executor* on_;
    };

    /// Runs work for which there was no memory.
    class run_late {
    public:
        using allocator_type = detail::block_allocator<void>;

        explicit run_late(asio_executor& on) noexcept : memory_(on.late_.memory), on_(&on) {}
        run_late(run_late&& other) noexcept : memory_(other.memory_), on_(std::exchange(other.on_, nullptr)) {}
        run_late& operator=(run_late&&) = delete;
        ~run_late() {
            if (on_ != nullptr) on_->leave_late_work();
        }
        allocator_type get_allocator() const noexcept { return allocator_type(memory_); }
        void operator()() noexcept {
            asio_executor& on = *std::exchange(on_, nullptr);
            bool another = false;
            work& item = on.late_.next(another);
            if (another) on.post_late_handler();
            pump::drive_posted(item, on);
        }

    private:
        detail::handler_block& memory_;  // Asio may ask a handler that it has moved from
        asio_executor* on_;              // null: it has been run, or moved on
    };

    void post_late(work& item) noexcept override {
        if (late_.add(item)) post_late_handler();
    }
    void post_late_handler() noexcept {
        posts_.fetch_add(1, std::memory_order_seq_cst);
        if (is_gone()) {
            posts_.fetch_sub(1, std::memory_order_release);
            leave_late_work();
            return;
        }
        detail::hand_in(*inner_, run_late(*this));
        posts_.fetch_sub(1, std::memory_order_release);
    }
    /// The context has destroyed the handler of late work.
    void leave_late_work() noexcept {
        for (bool another = true; another;) leave(late_.next(another));
    }

    /// Outlives the executor, perhaps.
    struct call {
        using allocator_type = detail::handler_allocator<void>;

        allocator_type get_allocator() const noexcept { return {}; }
        void operator()() const noexcept {
            // The thread that was seen before may be in a long body already.
            if (known->answers(real_thread())) thread_watch::keep_going();
        }

        std::shared_ptr<known_threads> known;
    };

    /// True for an executor that is a pointer to its context, and may be destroyed after it.
    static constexpr bool may_outlive_context = std::is_same_v<Executor, net::io_context::executor_type> ||
                                                std::is_same_v<Executor, net::thread_pool::executor_type>;

    void let_go_of_context() noexcept override {
        if constexpr (!may_outlive_context) inner_.reset();
    }

    bool runs_here() noexcept {
        if constexpr (may_outlive_context) {
            return !is_gone() && tells_that_it_runs_here(*inner_);
        } else {
            posts_.fetch_add(1, std::memory_order_seq_cst);
            bool const here = !is_gone() && tells_that_it_runs_here(*inner_);
            posts_.fetch_sub(1, std::memory_order_release);
            return here;
        }
    }
    /// False where the executor cannot tell: then work goes the longer way.
    static bool tells_that_it_runs_here(Executor const& inner) noexcept {
        if constexpr (requires { inner.running_in_this_thread(); }) {
            return inner.running_in_this_thread();
        } else if constexpr (std::is_same_v<Executor, net::any_io_executor>) {
            auto const* const context = inner.template target<net::io_context::executor_type>();
            return context != nullptr && context->running_in_this_thread();
        } else {
            return false;
        }
    }
    static unsigned ask(Executor const& inner) {
        if constexpr (detail::is_strand<Executor>) {
            return 1;
        } else if constexpr (net::can_query<Executor, net::execution::occupancy_t>::value) {
            return static_cast<unsigned>(net::query(inner, net::execution::occupancy));
        } else {
            return 0;
        }
    }

    std::optional<Executor> inner_;  // none: its context is gone
    unsigned concurrency_;
    detail::late_posts late_;
};

namespace detail {

/// An executor that several plans share, and that ends with its context.
template <class Executor>
class shared_executor final : public context_guest, public std::enable_shared_from_this<shared_executor<Executor>> {
public:
    shared_executor(Executor inner, unsigned concurrency) : executor_(inner, concurrency) {
        executor_.set_guest(*this);
        enter_context(guests_of_context(inner));
    }
    ~shared_executor() { leave_context(); }

    executor& get() noexcept { return executor_; }

private:
    void context_ends() noexcept override {
        executor_.close();
        executor_.run_left_work();
    }
    std::shared_ptr<void> keep() noexcept override { return this->weak_from_this().lock(); }

    asio_executor<Executor> executor_;
};

}  // namespace detail

/// For the options of a plan: `frond::options().on<f>(frond::share_executor(pool.get_executor()))`. Whatever runs the
/// executor has to outlive the plan's runs.
template <class Executor>
std::shared_ptr<executor> share_executor(Executor inner, unsigned concurrency = 0) {
    auto const made = std::make_shared<detail::shared_executor<Executor>>(std::move(inner), concurrency);
    return std::shared_ptr<executor>(made, &made->get());
}

/// A clock on Asio's steady timers: one timer, for the earliest alarm. `wait` needs no memory: where there is none for the timer,
/// an alarm asks the time whenever its executor comes to it.
///
/// Thread: any.
class asio_clock final : public clock {
public:
    /// Uses the executor's context, and never the executor itself.
    template <class Executor>
    explicit asio_clock(Executor const& on)
        : asio_clock(std::in_place, net::query(on, net::execution::context_as_t<net::execution_context&>())) {}

    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
    void wait(alarm& item) noexcept override;
    bool cancel(alarm& item) noexcept override;

private:
    class alarms;

    asio_clock(std::in_place_t, net::execution_context& context);

    std::shared_ptr<alarms> alarms_;  // shared with the timer's handler, which may outlive the clock
};

}  // namespace frond
