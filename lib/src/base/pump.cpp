#include "frond/base/detail/thread_watch.hpp"
#include "frond/base/executor.hpp"

namespace frond {

constinit thread_local pump* pump::current_ = nullptr;

pump::pump(executor& on, bool posted) noexcept
    : on_(on), posted_(posted), outer_(current_), thread_(on.concurrency() != 1 ? working_thread::here() : nullptr) {
    current_ = this;
    if (thread_ == nullptr) return;
    thread_->enter(*this);
    if (!on.comes_to_work()) return;
    // The watch, when it is about to sleep, sees that this thread works, or this thread sees that the watch sleeps.
    asymmetric_fence::light();
    thread_watch::keep_going();
}

pump::~pump() {
    current_ = outer_;
    if (thread_ != nullptr) thread_->leave(*this);
}

void pump::drive(work& item, executor& on, bool posted) noexcept {
    pump here(on, posted);
    here.queue_.push_front(item);
    while (!here.queue_.empty()) {
        work& now = here.queue_.pop_front();
        now.run(now);
    }
}

void pump::post_for_later(work& item) noexcept {
    if (posted_) {
        on_.defer(item);
    } else {
        on_.post(item);
    }
}

void pump::post_all() noexcept {
    while (!queue_.empty()) on_.post(queue_.pop_front());
}

}  // namespace frond
