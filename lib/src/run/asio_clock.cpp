#include "frond/asio/executor.hpp"

namespace frond {

// One alarm that waits. Lives as long as the timer's handler; linked from the alarm until it fires or is cancelled.
struct asio_clock::waiting {
    waiting(net::any_io_executor const& on, alarm& of) : timer(on, of.when), item(&of) {}
    net::steady_timer timer;
    alarm* item;  // null once it is cancelled or has fired
};

void asio_clock::wait(alarm& item) noexcept {
    std::lock_guard const guard(*mutex_);
    auto const made = std::make_shared<waiting>(on_, item);
    item.slot = made.get();
    made->timer.async_wait([mutex = mutex_, made](net_error_code) {
        alarm* fired = nullptr;
        {
            std::lock_guard const inside(*mutex);
            fired = std::exchange(made->item, nullptr);
            if (fired != nullptr) fired->slot = nullptr;
        }
        if (fired != nullptr) fired->wake();
    });
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
