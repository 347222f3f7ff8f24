#include "frond/asio/executor.hpp"
#include "frond/base/detail/alarm_heap.hpp"

#include <cassert>
#include <mutex>
#include <optional>

namespace frond {

namespace {

// Calls a timer's handler where Asio finds the timer expired: the alarms know their executors.
class any_thread_of {
public:
    explicit any_thread_of(net::execution_context& context) noexcept : context_(&context) {}

    template <class Function>
    void execute(Function&& function) const {
        std::decay_t<Function> call(std::forward<Function>(function));
        std::move(call)();
    }
    net::execution_context& query(net::execution::context_t) const noexcept { return *context_; }

    friend bool operator==(any_thread_of const& a, any_thread_of const& b) noexcept { return a.context_ == b.context_; }

private:
    net::execution_context* context_;
};

}  // namespace

// The alarms that wait, and the timer of the earliest one.
//
// Invariants, while the mutex is free:
//  (1) slot is set in an alarm exactly while it waits;
//  (2) where alarms wait, the timer's handler is on its way, or one of the alarms is the poller, or the context is gone.
//
// The poller is an alarm that is posted to its executor itself, where it looks at the time and tries to set the timer: the timer
// could not be set for lack of memory.
class asio_clock::alarms : public std::enable_shared_from_this<alarms> {
public:
    explicit alarms(net::execution_context& context) noexcept : context_(context) {}

    void add(alarm& item) noexcept {
        alarm* poller = nullptr;
        if (item.on->is_gone()) {
            item.wake();
            return;
        }
        {
            std::lock_guard const guard(mutex_);
            assert(item.slot == nullptr);
            item.slot = this;
            waiting_.push(item);
            if (poller_ != nullptr) return;
            if (!timer_set_) {
                poller = set_timer();
            } else if (item.when < timer_at_) {
                cancel_timer();  // its handler comes at once, and sets the timer again
            }
        }
        if (poller != nullptr) poller->on->post(*poller);
    }

    bool remove(alarm& item) noexcept {
        std::lock_guard const guard(mutex_);
        if (item.slot == nullptr) return false;
        if (poller_ == &item) {
            item.when = time_point::min();  // it is on its way to its executor, and does not wait any longer there
            return false;
        }
        item.slot = nullptr;
        waiting_.remove(item);
        if (waiting_.empty() && timer_set_) cancel_timer();
        return true;
    }

private:
    using timer_type = net::basic_waitable_timer<std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>,
                                                 any_thread_of>;

    class handler {
    public:
        using allocator_type = detail::block_allocator<void>;

        explicit handler(std::shared_ptr<alarms> of) noexcept : memory_(of->memory_), of_(std::move(of)) {}
        allocator_type get_allocator() const noexcept { return allocator_type(memory_); }
        void operator()(net_error_code) noexcept { std::exchange(of_, nullptr)->timer_came(); }
        handler(handler&&) noexcept = default;
        handler& operator=(handler&&) = delete;
        ~handler() {
            if (of_ != nullptr && of_->timer_set_) of_->fire_all();
        }

    private:
        detail::handler_block& memory_;  // Asio may ask a handler that it has moved from
        std::shared_ptr<alarms> of_;
    };

    // Requires: an alarm waits, the timer is not set, and there is no poller.
    // If there is no memory for the timer, gives the poller, which must be posted when the mutex is free.
    [[nodiscard]] alarm* set_timer() noexcept {
        alarm& first = waiting_.earliest();
        try {
            if (!timer_) timer_.emplace(any_thread_of(context_));
            timer_->expires_at(first.when);
            timer_->async_wait(handler(shared_from_this()));
            timer_set_ = true;
            timer_at_ = first.when;
            return nullptr;
        } catch (...) {
            timer_.reset();
            waiting_.remove(first);
            poller_ = &first;
            poller_run_ = std::exchange(first.run, &alarms::poll);
            return poller_;
        }
    }

    // The timer is gone if its context is.
    void cancel_timer() noexcept {
        if (timer_) timer_->cancel();
    }

    void timer_came() noexcept {
        auto const alive = shared_from_this();
        alarm* due = nullptr;
        alarm* poller = nullptr;
        {
            std::lock_guard const guard(mutex_);
            timer_set_ = false;
            if (!waiting_.empty() && waiting_.earliest().when <= std::chrono::steady_clock::now()) {
                due = &waiting_.earliest();
                waiting_.remove(*due);
                due->slot = nullptr;
            }
            // Another alarm that is due is found by another thread, since this one may be long with the first.
            if (waiting_.empty()) {
                timer_.reset();
            } else {
                poller = set_timer();
            }
        }
        if (poller != nullptr) poller->on->post(*poller);
        if (due != nullptr) due->wake();
    }

    // The context has destroyed the handler instead of calling it, since the context is being destroyed: no timer comes any more,
    // and what waits for the alarms has to end.
    void fire_all() noexcept {
        work_list due;
        {
            std::lock_guard const guard(mutex_);
            timer_.reset();
            while (!waiting_.empty()) {
                alarm& first = waiting_.earliest();
                waiting_.remove(first);
                first.slot = nullptr;
                due.push_back(first);
            }
        }
        while (!due.empty()) static_cast<alarm&>(due.pop_front()).wake();
    }

    static void poll(work& self) noexcept {
        auto& item = static_cast<alarm&>(self);
        auto const me = static_cast<alarms*>(item.slot)->shared_from_this();
        bool gone = false;
        bool due = false;
        alarm* poller = nullptr;
        {
            std::lock_guard const guard(me->mutex_);
            assert(me->poller_ == &item);
            me->poller_ = nullptr;
            item.run = me->poller_run_;
            gone = item.on->is_gone();
            due = gone || item.when <= std::chrono::steady_clock::now();
            if (due) {
                item.slot = nullptr;
            } else {
                me->waiting_.push(item);
            }
            if (!gone && !me->waiting_.empty()) poller = me->set_timer();
        }
        if (gone) me->fire_all();
        if (poller != nullptr) poller->on->post(*poller);
        if (due) item.run(item);
    }

    net::execution_context& context_;
    std::mutex mutex_;  // guards what follows
    alarm_heap waiting_;
    std::optional<timer_type> timer_;  // only while its handler is on its way, so that it never outlives the context
    bool timer_set_ = false;           // stays true when the context is gone: then no alarm waits
    time_point timer_at_{};
    alarm* poller_ = nullptr;
    work::function poller_run_ = nullptr;  // the poller's own
    detail::handler_block memory_;         // of the timer's handler
};

asio_clock::asio_clock(std::in_place_t, net::execution_context& context)
    : alarms_(std::allocate_shared<alarms>(frame_pool::allocator<alarms>(), context)) {}

void asio_clock::wait(alarm& item) noexcept { alarms_->add(item); }

bool asio_clock::cancel(alarm& item) noexcept { return alarms_->remove(item); }

}  // namespace frond
