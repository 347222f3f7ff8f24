#include "frond/asio/executor.hpp"

namespace frond {

// One alarm that waits. Lives as long as the timer's handler; linked from the alarm until it fires or is cancelled.
struct asio_clock::waiting {
    waiting(net::any_io_executor const& on, alarm& of) : timer(on, of.when), item(&of) {}
    net::steady_timer timer;
    alarm* item;  // null once it is cancelled or has fired
};

// Lets the alarm go off where the context destroys it, too: what waits for the alarm has to end.
class asio_clock::handler {
public:
    handler(std::shared_ptr<std::mutex> mutex, std::shared_ptr<waiting> of) noexcept
        : mutex_(std::move(mutex)), of_(std::move(of)) {}
    handler(handler&&) noexcept = default;
    handler& operator=(handler&&) = delete;
    ~handler() {
        if (of_ != nullptr) fire();
    }
    void operator()(net_error_code const&) noexcept { fire(); }

private:
    void fire() noexcept {
        alarm* fired = nullptr;
        {
            std::lock_guard const inside(*mutex_);
            fired = std::exchange(of_->item, nullptr);
            if (fired != nullptr) fired->slot = nullptr;
        }
        of_.reset();
        if (fired != nullptr) fired->wake();
    }

    std::shared_ptr<std::mutex> mutex_;
    std::shared_ptr<waiting> of_;  // null: it has fired
};

void asio_clock::wait(alarm& item) noexcept {
    std::lock_guard const guard(*mutex_);
    auto const made = std::make_shared<waiting>(on_, item);
    item.slot = made.get();
    made->timer.async_wait(handler(mutex_, made));
}

bool asio_clock::cancel(alarm& item) noexcept {
    std::lock_guard const guard(*mutex_);
    if (item.slot == nullptr) return false;
    auto& each = *static_cast<waiting*>(std::exchange(item.slot, nullptr));
    each.item = nullptr;
    each.timer.cancel();
    return true;
}

}  // namespace frond
