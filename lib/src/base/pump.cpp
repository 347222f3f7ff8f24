#include "frond/base/executor.hpp"

#include <utility>

namespace frond {

thread_local pump* pump::current_ = nullptr;

void pump::drive(work& item, executor& on) noexcept {
    pump here(on);
    pump* const outer = std::exchange(current_, &here);
    here.push_front(item);
    while (!here.queue_.empty()) {
        work& now = here.queue_.pop_front();
        now.run(now);
    }
    current_ = outer;
}

void pump::hand_over() noexcept {
    while (!queue_.empty()) on_.post(queue_.pop_front());
}

}  // namespace frond
